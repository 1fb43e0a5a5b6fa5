// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>A sample as it is in a mapped shard: the encoded bytes of each column. Nothing is copied or decoded.</summary>
/// <remarks>A loan: valid while the shard's reader is open and the ranges' memory is not reused.</remarks>
public readonly ref struct SampleFields
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<FieldRange> _ranges;

    /// <summary>Creates the view.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="bytes">The whole encoded sample.</param>
    /// <param name="ranges">One range per column, in schema order, checked against <paramref name="bytes"/>.</param>
    internal SampleFields(ShardSchema schema, ReadOnlySpan<byte> bytes, ReadOnlySpan<FieldRange> ranges)
    {
        Schema = schema;
        _bytes = bytes;
        _ranges = ranges;
    }

    /// <summary>Gets the columns.</summary>
    public ShardSchema Schema { get; }

    /// <summary>Gets the whole encoded sample.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Gets the encoded bytes of a column.</summary>
    /// <param name="column">The column's place in <see cref="ShardSchema.Columns"/>.</param>
    public ReadOnlySpan<byte> this[int column]
    {
        get
        {
            var range = _ranges[column];
            return _bytes.Slice(range.Offset, range.Length);
        }
    }
}
