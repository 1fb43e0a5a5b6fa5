// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Objects of AIStore from the first to the last, many read with one call: as name and bytes, or as a list of one tensor. Faster
/// than <see cref="AISIterDataset"/> where objects are small.</summary>
/// <remarks>What the cluster leaves out of an answer is asked for again, together and then one by one; in the reference such samples are lost
/// or empty without a word. Mirrors <c>aistore.pytorch.AISBatchIterDataset</c>, whose client is that of the sources here and whose answers
/// are always streamed tars.</remarks>
public class AISBatchIterDataset : AISBaseIterDataset
{
    private readonly AISBatchStream _stream;
    private readonly AISDecoders _decoders;

    /// <summary>Creates the dataset; no I/O is done yet.</summary>
    /// <param name="aisSourceList">The sources: buckets or groups of objects, at least one.</param>
    /// <param name="prefixMap">Which prefixes of them are read; <see langword="null"/> for everything.</param>
    /// <param name="showProgress">Who hears how far the epoch is; <see langword="null"/> for nobody.</param>
    /// <param name="maxBatchSize">How many objects one call asks for; it has nothing to do with the batches of training.</param>
    /// <param name="colocation">Whether the cluster looks for the target that owns most of a batch.</param>
    /// <param name="partitionSourcesByWorker">Whether whole sources are dealt out to workers.</param>
    /// <param name="worker">The share of this dataset; <see langword="null"/> for everything.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">The seed of the shuffle.</param>
    /// <param name="missingObjects">What to do with objects that are gone when they are read; <see cref="AISMissingObjects.Empty"/> is the
    /// reference's way.</param>
    /// <param name="decoders">How bytes become tensors; <see langword="null"/> to leave them bytes.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    public AISBatchIterDataset(
        IReadOnlyList<AISSource> aisSourceList,
        AISPrefixMap? prefixMap = null,
        IProgress<AISProgress>? showProgress = null,
        int maxBatchSize = 32,
        bool colocation = false,
        bool partitionSourcesByWorker = false,
        AISWorker? worker = null,
        bool shuffle = false,
        ulong seed = 9176,
        AISMissingObjects missingObjects = AISMissingObjects.Throw,
        AISDecoders? decoders = null)
        : base(aisSourceList, new AISStreamOptions
        {
            PrefixMap = prefixMap ?? [],
            Progress = showProgress,
            PartitionSourcesByWorker = partitionSourcesByWorker,
            Worker = worker ?? AISWorker.Single,
            Shuffle = shuffle,
            Seed = seed,
            MissingObjects = missingObjects,
        })
    {
        _stream = new AISBatchStream(aisSourceList, Options, maxBatchSize, colocation);
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
