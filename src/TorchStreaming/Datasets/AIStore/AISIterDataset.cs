// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Objects of AIStore from the first to the last, each read with one call: as name and bytes, or as a list of one tensor.</summary>
/// <remarks>Mirrors <c>aistore.pytorch.AISIterDataset</c>.</remarks>
public class AISIterDataset : AISBaseIterDataset
{
    private readonly AISObjectStream _stream;
    private readonly AISDecoders _decoders;

    /// <summary>Creates the dataset; no I/O is done yet.</summary>
    /// <param name="aisSourceList">The sources: buckets or groups of objects, at least one.</param>
    /// <param name="prefixMap">Which prefixes of them are read; <see langword="null"/> for everything.</param>
    /// <param name="etlName">The transform that the cluster applies; <see langword="null"/> for none.</param>
    /// <param name="showProgress">Who hears how far the epoch is; <see langword="null"/> for nobody.</param>
    /// <param name="partitionSourcesByWorker">Whether whole sources are dealt out to workers.</param>
    /// <param name="worker">The share of this dataset; <see langword="null"/> for everything.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">The seed of the shuffle.</param>
    /// <param name="decoders">How bytes become tensors; <see langword="null"/> to leave them bytes.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    public AISIterDataset(
        IReadOnlyList<AISSource> aisSourceList,
        AISPrefixMap? prefixMap = null,
        string? etlName = null,
        IProgress<AISProgress>? showProgress = null,
        bool partitionSourcesByWorker = false,
        AISWorker? worker = null,
        bool shuffle = false,
        ulong seed = 9176,
        AISDecoders? decoders = null)
        : this(
            aisSourceList,
            new AISStreamOptions
            {
                PrefixMap = prefixMap ?? [],
                EtlName = etlName,
                Progress = showProgress,
                PartitionSourcesByWorker = partitionSourcesByWorker,
                Worker = worker ?? AISWorker.Single,
                Shuffle = shuffle,
                Seed = seed,
            },
            decoders)
    {
    }

    /// <summary>Creates the dataset with all options; no I/O is done yet.</summary>
    /// <param name="aisSourceList">The sources: buckets or groups of objects, at least one.</param>
    /// <param name="options">How to read.</param>
    /// <param name="decoders">How bytes become tensors; <see langword="null"/> to leave them bytes.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    public AISIterDataset(IReadOnlyList<AISSource> aisSourceList, AISStreamOptions options, AISDecoders? decoders = null)
        : base(aisSourceList, options)
    {
        _stream = new AISObjectStream(aisSourceList, options);
        _decoders = decoders ?? AISDecoders.RawBytes;
    }

    /// <summary>Reads the next epoch, or what is left of the one that a state was taken in.</summary>
    /// <returns>Names and bytes.</returns>
    public IEnumerable<AISItem> ReadEpoch() => _stream.ReadEpoch();

    /// <summary>Reads the next epoch; see <see cref="ReadEpoch"/>.</summary>
    /// <param name="cancellationToken">Ends the epoch.</param>
    /// <returns>Names and bytes.</returns>
    public IAsyncEnumerable<AISItem> ReadEpochAsync(CancellationToken cancellationToken = default) => _stream.ReadEpochAsync(cancellationToken);

    /// <summary>Says where the dataset is: behind the last sample it gave.</summary>
    /// <returns>The state.</returns>
    public AISStreamState StateDict() => _stream.StateDict();

    /// <summary>Lets the next epoch start where a state was taken.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ResumeException">The state is of another share or of another seed.</exception>
    public void LoadStateDict(AISStreamState state) => _stream.LoadStateDict(state);

    /// <inheritdoc/>
    protected override IEnumerable<Func<IList<Tensor>>> ReadSamples() => ReadEpoch().Select(
        (item, index) => (Func<IList<Tensor>>)(() => [AISTensors.Decode(_decoders, item.Name, item.Content, item.Name, index)]));
}
