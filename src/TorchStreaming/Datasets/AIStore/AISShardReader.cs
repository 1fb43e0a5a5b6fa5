// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.Streams;
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
    /// <param name="options">What to read, in which order, and how bytes become tensors.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    public AISShardReader(AISIterDatasetOptions options)
        : base(options)
    {
        _stream = new AISShardStream(options.Sources, options);
        _decoders = options.Decoders;
    }

    /// <summary>Reads the next epoch, or what is left of the one that a state was taken in.</summary>
    /// <returns>Keys and fields.</returns>
    public IEnumerable<AISShardSample> ReadEpoch() => _stream.ReadEpoch();

    /// <summary>Reads the next epoch; see <see cref="ReadEpoch"/>.</summary>
    /// <param name="cancellationToken">Ends the epoch.</param>
    /// <returns>Keys and fields.</returns>
    public IAsyncEnumerable<AISShardSample> ReadEpochAsync(CancellationToken cancellationToken = default) =>
        _stream.ReadEpochAsync(cancellationToken);

    /// <summary>Says where the dataset is: after the last sample it gave.</summary>
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
                $"Samples as tensors need to know their fields: give {nameof(Options.Fields)} = [\"jpg\", \"cls\"], for example.");
        }

        return ReadEpoch().Select((sample, index) => (Func<IList<Tensor>>)(() =>
            [.. Options.Fields.Select(field => AISTensors.Decode(_decoders, field, sample.Fields[field], sample.Key, index))]));
    }
}
