// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Reads a shard of text: samples in one mapped file, their offsets in another.</summary>
internal abstract class SplitShardReader : ShardReader
{
    private readonly MappedFile _meta;
    private readonly MappedFile _data;
    private readonly OffsetTable _offsets;

    /// <summary>Maps and checks both files.</summary>
    /// <param name="info">What the index says about the shard.</param>
    /// <param name="paths">The file of offsets and the data file.</param>
    protected SplitShardReader(ShardInfo info, IReadOnlyList<string> paths)
        : base(info, paths[1])
    {
        _meta = MappedFile.Open(paths[0], info.Files[0].Raw.Bytes);
        try
        {
            _data = MappedFile.Open(paths[1], info.Files[1].Raw.Bytes);
        }
        catch
        {
            _meta.Dispose();
            throw;
        }

        try
        {
            _offsets = new OffsetTable(_meta, paths[0], info.SampleCount, dataFloor: 0, _data.Length);
        }
        catch
        {
            _meta.Dispose();
            _data.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public sealed override ReadOnlySpan<byte> GetSampleBytes(int index)
    {
        var (offset, length) = _offsets.GetRange(index, SampleCount);
        return _data.Slice(offset, length);
    }

    /// <inheritdoc/>
    public sealed override SampleFields GetSample(int index, Span<FieldRange> ranges)
    {
        var sample = GetSampleBytes(index);
        var fields = ranges[..Schema.Columns.Length];
        return Locate(sample, fields) is { } problem
            ? throw new ShardFormatException(new ShardLocation(Location, Sample: index), problem)
            : new SampleFields(Schema, sample, fields);
    }

    /// <inheritdoc/>
    internal sealed override void PrefetchPlace(int index) => _offsets.Prefetch(index);

    /// <inheritdoc/>
    internal sealed override void PrefetchSample(int index) => _data.Prefetch(_offsets.PeekStart(index));

    /// <summary>Finds the columns of a sample.</summary>
    /// <param name="sample">The sample's text.</param>
    /// <param name="ranges">One range per column.</param>
    /// <returns><see langword="null"/>, or what is wrong with the sample.</returns>
    protected abstract string? Locate(ReadOnlySpan<byte> sample, Span<FieldRange> ranges);

    /// <inheritdoc/>
    protected sealed override void Dispose(bool disposing)
    {
        _meta.Dispose();
        _data.Dispose();
    }
}
