// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>An item as the sample that it becomes, in rented memory, or the reason why it becomes none.</summary>
internal readonly struct RawSample
{
    private readonly byte[]? _rented;
    private readonly int _length;

    private RawSample(byte[]? rented, int length, RefusedItem? refused) => (_rented, _length, Refused) = (rented, length, refused);

    /// <summary>Gets the item that becomes no sample, or <see langword="null"/>.</summary>
    public RefusedItem? Refused { get; }

    /// <summary>Gets the encoded sample.</summary>
    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, _length);

    /// <summary>Creates a sample; the memory goes over to it.</summary>
    public static RawSample Of(byte[] rented, int length) => new(rented, length, null);

    /// <summary>Creates a sample of values that are encoded already.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="values">One value per column, in their order.</param>
    public static RawSample Pack(ImmutableArray<ShardColumn> columns, params ReadOnlySpan<ReadOnlyMemory<byte>> values)
    {
        var head = 0;
        var length = 0;
        for (var i = 0; i < values.Length; i++)
        {
            head += columns[i].Size is null ? sizeof(uint) : 0;
            length = checked(length + values[i].Length);
        }

        length = checked(head + length);
        var sample = ArrayPool<byte>.Shared.Rent(length);
        var (size, value) = (0, head);
        for (var i = 0; i < values.Length; i++)
        {
            if (columns[i].Size is null)
            {
                BinaryPrimitives.WriteInt32LittleEndian(sample.AsSpan(size), values[i].Length);
                size += sizeof(uint);
            }

            values[i].Span.CopyTo(sample.AsSpan(value));
            value += values[i].Length;
        }

        return Of(sample, length);
    }

    /// <summary>Creates the trace of an item that becomes no sample.</summary>
    public static RawSample Refuse(RefusedItem refused) => new(null, 0, refused);

    /// <summary>Gives the memory back; once.</summary>
    public void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
