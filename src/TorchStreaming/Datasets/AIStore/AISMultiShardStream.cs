// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.Tensors;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Members of several sources' shards side by side: as bytes, or as a list with a tensor for each source.</summary>
/// <remarks>Mirrors <c>aistore.pytorch.AISMultiShardStream</c>; see <see cref="AISZipStream"/>.</remarks>
public class AISMultiShardStream : utils.data.IterableDataset
{
    private readonly AISZipStream _stream;
    private readonly SampleCursor _cursor;
    private readonly Func<ReadOnlyMemory<byte>, Tensor>[] _decoders;

    /// <summary>Creates the dataset; no I/O is done yet.</summary>
    /// <param name="dataSources">The sources; none give nothing.</param>
    /// <param name="worker">The share of this dataset; <see langword="null"/> for everything.</param>
    /// <param name="decoders">How each source's bytes become a tensor, one for each source; <see langword="null"/> to leave them
    /// bytes.</param>
    /// <exception cref="ArgumentException">There are not as many decoders as sources.</exception>
    public AISMultiShardStream(
        IReadOnlyList<DataShard> dataSources,
        AISWorker? worker = null,
        IReadOnlyList<Func<ReadOnlyMemory<byte>, Tensor>>? decoders = null)
    {
        LibTorch.Require();
        ArgumentNullException.ThrowIfNull(dataSources);
        if (decoders is not null && decoders.Count != dataSources.Count)
        {
            throw new ArgumentException($"{dataSources.Count} sources need as many decoders, not {decoders.Count}.", nameof(decoders));
        }

        _stream = new AISZipStream(dataSources, worker);
        _decoders = [.. decoders ?? Enumerable.Repeat<Func<ReadOnlyMemory<byte>, Tensor>>(AISDecoders.Bytes, dataSources.Count)];
        _cursor = new SampleCursor(ReadSamples);
    }

    /// <summary>Gets the sources, in the order of each step.</summary>
    public IReadOnlyList<DataShard> Sources => _stream.Sources;

    /// <summary>Gets the number of steps, which is known only by going through the listings of all sources.</summary>
    public override long Count => _stream.CountAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Reads from the start.</summary>
    /// <returns>The steps: the bytes of one member of each source, in the order of the sources.</returns>
    /// <exception cref="StorageException">A listing or a read failed.</exception>
    public IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> ReadEpoch() => _stream.ReadEpoch();

    /// <summary>Reads from the start; see <see cref="ReadEpoch"/>.</summary>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>The steps.</returns>
    public IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> ReadEpochAsync(CancellationToken cancellationToken = default) =>
        _stream.ReadEpochAsync(cancellationToken);

    /// <summary>Reads a step. Numbers that go up are fast; one that was given before starts again.</summary>
    /// <param name="index">Its place.</param>
    /// <returns>A tensor for each source; they belong to the current dispose scope, otherwise to the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public override IList<Tensor> GetTensor(long index) => _cursor.Read(index)();

    /// <inheritdoc/>
    public override string ToString() => $"{_stream}";

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cursor.Dispose();
        }

        base.Dispose(disposing);
    }

    private IEnumerable<Func<IList<Tensor>>> ReadSamples() => ReadEpoch().Select((step, index) => (Func<IList<Tensor>>)(() =>
        [.. step.Select((content, i) => AISTensors.Decode(_decoders[i], content, $"member of source {i}", index))]));
}
