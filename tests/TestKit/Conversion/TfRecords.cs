// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TorchStreaming.TestKit;

/// <summary>Writes TFRecord files of <c>tf.train.Example</c>s.</summary>
public static class TfRecords
{
    /// <summary>Writes a message with lists of numbers.</summary>
    /// <param name="packed">Whether a list is one field, as TensorFlow writes it, or each number is one.</param>
    /// <param name="features">The lists by name: <c>long[]</c>, <c>float[]</c>, or <c>string</c> for a list of one text.</param>
    public static byte[] Example(bool packed, params ReadOnlySpan<(string Name, object Values)> features)
    {
        var all = new List<byte>();
        foreach (var (name, values) in features)
        {
            var (kind, list) = values switch
            {
                long[] integers => (3, packed
                    ? Bytes(1, [.. integers.SelectMany(Varint)])
                    : [.. integers.SelectMany(static value => (byte[])[1 << 3, .. Varint(value)])]),
                float[] floats => (2, packed
                    ? Bytes(1, [.. floats.SelectMany(BitConverter.GetBytes)])
                    : [.. floats.SelectMany(static value => (byte[])[(1 << 3) | 5, .. BitConverter.GetBytes(value)])]),
                _ => (1, Bytes(1, Encoding.UTF8.GetBytes((string)values))),
            };
            all.AddRange(Bytes(1, [.. Bytes(1, Encoding.UTF8.GetBytes(name)), .. Bytes(2, Bytes(kind, list))]));
        }

        return Bytes(1, [.. all]);
    }

    /// <summary>Puts records into a file.</summary>
    public static byte[] File(params IEnumerable<byte[]> records)
    {
        var file = new List<byte>();
        foreach (var record in records)
        {
            var length = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteInt64LittleEndian(length, record.Length);
            file.AddRange([.. length, .. Sum(length), .. record, .. Sum(record)]);
        }

        return [.. file];
    }

    private static byte[] Sum(byte[] bytes)
    {
        var sum = bytes.Aggregate(uint.MaxValue, static (sum, value) => BitOperations.Crc32C(sum, value));
        return BitConverter.GetBytes(((~sum >> 15) | (~sum << 17)) + 0xA282EAD8);
    }

    private static byte[] Bytes(int field, byte[] content) => [(byte)((field << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            bytes.Add((byte)(rest | 0x80));
        }

        return [.. bytes, (byte)rest];
    }
}
