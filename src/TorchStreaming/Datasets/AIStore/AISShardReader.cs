// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Samples of tar shards of AIStore from the first to the last: as key and fields, or as a list with a tensor for each declared
/// field.</summary>
/// <remarks>Each shard is read with one call. By the reference's rule it is in memory while its samples are given; by
/// <see cref="TarKeyRule.WebDataset"/> samples are given while it arrives. Mirrors <c>aistore.pytorch.AISShardReader</c>.</remarks>
public class AISShardReader : AISBaseIterDataset
{
    private readonly AISShardStream _stream;
    private readonly AISDecoders _decoders;

    /// <summary>Creates the dataset; no I/O is done yet.</summary>
    /// <param name="bucketList">The sources of shards: buckets or groups of objects, at least one.</param>
    /// <param name="prefixMap">Which prefixes of them are read; <see langword="null"/> for everything.</param>
    /// <param name="etlName">The transform that the cluster applies to each shard, which must give a tar; <see langword="null"/> for
    /// none.</param>
    /// <param name="showProgress">Who hears how far each shard is; <see langword="null"/> for nobody.</param>
    /// <param name="partitionSourcesByWorker">Whether whole sources rather than shards are dealt out to workers.</param>
    /// <param name="worker">The share of this dataset; <see langword="null"/> for everything.</param>
    /// <param name="shuffle">Whether the shards come in another order in each epoch.</param>
    /// <param name="seed">The seed of the shuffle.</param>
    /// <param name="fields">The fields of every sample, in the order of its tensors; <see langword="null"/> for those seen so far, which
    /// do for <see cref="ReadEpoch"/> and not for tensors.</param>
    /// <param name="keyRule">How members become samples and fields.</param>
    /// <param name="decoders">How bytes become tensors; <see langword="null"/> to leave them bytes.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    public AISShardReader(
        IReadOnlyList<AISSource> bucketList,
        AISPrefixMap? prefixMap = null,
        string? etlName = null,
        IProgress<AISProgress>? showProgress = null,
        bool partitionSourcesByWorker = false,
        AISWorker? worker = null,
        bool shuffle = false,
        ulong seed = 9176,
        IReadOnlyList<string>? fields = null,
        TarKeyRule keyRule = TarKeyRule.AIStore,
        AISDecoders? decoders = null)
        : base(bucketList, new AISStreamOptions
        {
            PrefixMap = prefixMap ?? [],
            EtlName = etlName,
            Progress = showProgress,
            PartitionSourcesByWorker = partitionSourcesByWorker,
            Worker = worker ?? AISWorker.Single,
            Shuffle = shuffle,
            Seed = seed,
            Fields = fields ?? [],
            KeyRule = keyRule,
        })
    {
        _stream = new AISShardStream(bucketList, Options);
        _decoders = decoders ?? AISDecoders.RawBytes;
    }

    /// <summary>Reads the next epoch, or what is left of the one that a state was taken in.</summary>
    /// <returns>Keys and fields.</returns>
    public IEnumerable<AISShardSample> ReadEpoch() => _stream.ReadEpoch();

    /// <summary>Reads the next epoch; see <see cref="ReadEpoch"/>.</summary>
    /// <param name="cancellationToken">Ends the epoch.</param>
    /// <returns>Keys and fields.</returns>
    public IAsyncEnumerable<AISShardSample> ReadEpochAsync(CancellationToken cancellationToken = default) =>
        _stream.ReadEpochAsync(cancellationToken);

    /// <summary>Says where the dataset is: behind the last sample it gave.</summary>
    /// <returns>The state.</returns>
    public AISStreamState StateDict() => _stream.StateDict();

    /// <summary>Lets the next epoch start where a state was taken.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ResumeException">The state is of another share or of another seed.</exception>
    public void LoadStateDict(AISStreamState state) => _stream.LoadStateDict(state);

    /// <summary>Counts the samples of this share by the names of the shards' members, which the cluster lists.</summary>
    /// <returns>The number of samples.</returns>
    /// <exception cref="NotSupportedException">The shards are transformed: what comes out is not known beforehand.</exception>
    /// <remarks>In the reference the length fails; it was meant to be the number of files.</remarks>
    protected override long CountSamples() => Options.EtlName is null
        ? ListObjects().Sum(shard => AISShardNames.CountSamplesAsync(shard, Options.KeyRule).AsTask().GetAwaiter().GetResult())
        : throw new NotSupportedException("The samples of transformed shards cannot be counted without reading them.");

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No fields were declared, so samples would have different numbers of tensors.</exception>
    protected override IEnumerable<Func<IList<Tensor>>> ReadSamples()
    {
        if (Options.Fields.Count == 0)
        {
            throw new InvalidOperationException(
                $"Samples as tensors need to know their fields: pass {nameof(AISShardReader)} fields: [\"jpg\", \"cls\"], for example.");
        }

        return ReadEpoch().Select((sample, index) => (Func<IList<Tensor>>)(() =>
            [.. Options.Fields.Select(field => AISTensors.Decode(_decoders, field, sample.Fields[field], sample.Key, index))]));
    }
}
