// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Reads an MDS shard through a memory map: count, offsets, configuration (passed over), samples.</summary>
internal sealed class MdsShardReader : ShardReader
{
    private readonly MappedFile _file;
    private readonly OffsetTable _offsets;
    private readonly MdsSampleLayout _layout;

    private MdsShardReader(ShardInfo info, string path, MappedFile file)
        : base(info, path)
    {
        _file = file;
        _offsets = new OffsetTable(file, path, info.SampleCount, dataFloor: null, file.Length);
        _layout = new MdsSampleLayout(info.Schema);
    }

    public static MdsShardReader Open(ShardInfo info, string path)
    {
        var file = MappedFile.Open(path, info.Files[0].Raw.Bytes);
        try
        {
            return new MdsShardReader(info, path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetSampleBytes(int index)
    {
        var (offset, length) = _offsets.GetRange(index, SampleCount);
        return _file.Slice(offset, length);
    }

    /// <inheritdoc/>
    public override SampleFields GetSample(int index, Span<FieldRange> ranges)
    {
        var sample = GetSampleBytes(index);
        var fields = ranges[.._layout.Count];
        return _layout.Locate(sample, fields) is { } problem
            ? throw new ShardFormatException(new ShardLocation(Location, Sample: index), problem)
            : new SampleFields(Schema, sample, fields);
    }

    /// <inheritdoc/>
    internal override void PrefetchPlace(int index) => _offsets.Prefetch(index);

    /// <inheritdoc/>
    internal override void PrefetchSample(int index) => _file.Prefetch(_offsets.PeekStart(index));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();
}
