// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Some samples of an MDS shard whose file is elsewhere: first its table of offsets, then the bytes of the samples.</summary>
/// <remarks>Adding samples is not thread-safe; reading the ones that were added is.</remarks>
internal sealed class MdsSampleSet : ShardReader
{
    private readonly MappedFile _table;
    private readonly OffsetTable _offsets;
    private readonly MdsSampleLayout _layout;
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _samples = [];

    /// <summary>Takes the table and checks it against the index.</summary>
    /// <param name="info">What the index says about the shard.</param>
    /// <param name="location">The shard's file, for messages.</param>
    /// <param name="table">The first <see cref="GetTableLength(ShardInfo)"/> bytes of the file.</param>
    /// <exception cref="ShardFormatException">The table is not what the index promises.</exception>
    public MdsSampleSet(ShardInfo info, string location, ReadOnlySpan<byte> table)
        : base(info, location)
    {
        _table = MappedFile.Copy(table);
        _offsets = new OffsetTable(_table, location, info.SampleCount, dataFloor: null, info.Files[0].Raw.Bytes);
        _layout = new MdsSampleLayout(info.Schema);
    }

    /// <summary>Gets how many bytes of the file the count and the offsets take.</summary>
    public static long GetTableLength(ShardInfo info) => GetTableLength(info.SampleCount);

    /// <summary>Gets how many bytes the count and the offsets of so many samples take.</summary>
    public static long GetTableLength(int samples) => sizeof(uint) * (samples + 2L);

    /// <summary>Gets where a sample is in the file.</summary>
    /// <exception cref="ShardFormatException">Its offsets are damaged.</exception>
    public (long Offset, int Length) GetRange(int index) => _offsets.GetRange(index, SampleCount);

    /// <summary>Adds a sample.</summary>
    public void Add(int index, ReadOnlyMemory<byte> bytes) => _samples[index] = bytes;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetSampleBytes(int index) => _samples.TryGetValue(index, out var bytes)
        ? bytes.Span
        : throw new InvalidOperationException($"Sample {index} of '{Location}' was not asked for.");

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
    protected override void Dispose(bool disposing) => _table.Dispose();
}
