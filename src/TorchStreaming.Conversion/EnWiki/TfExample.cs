// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming.Conversion;

/// <summary>Finds the lists of numbers in a <c>tf.train.Example</c>, a message of Protocol Buffers.</summary>
internal static class TfExample
{
    private const int FloatList = 2;
    private const int IntegerList = 3;

    /// <summary>Takes the lists out of an example.</summary>
    /// <param name="example">The message.</param>
    /// <param name="features">Receives the lists by name: <c>long[]</c> or <c>float[]</c>. Lists of texts are passed over.</param>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static void Read(ReadOnlySpan<byte> example, Dictionary<string, Array> features)
    {
        // Example.features, Features.feature, and the key and value of its entries.
        for (var fields = new ProtobufReader(example); fields.MoveNext();)
        {
            if (fields.IsBytes(1))
            {
                for (var entries = new ProtobufReader(fields.Bytes); entries.MoveNext();)
                {
                    if (entries.IsBytes(1))
                    {
                        ReadEntry(entries.Bytes, features);
                    }
                }
            }
        }
    }

    private static void ReadEntry(ReadOnlySpan<byte> entry, Dictionary<string, Array> features)
    {
        var (key, value) = ("", default(Array));
        for (var fields = new ProtobufReader(entry); fields.MoveNext();)
        {
            if (fields.IsBytes(1))
            {
                key = Encoding.UTF8.GetString(fields.Bytes);
            }
            else if (fields.IsBytes(2))
            {
                value = ReadFeature(fields.Bytes);
            }
        }

        if (value is not null)
        {
            features[key] = value;
        }
    }

    private static Array? ReadFeature(ReadOnlySpan<byte> feature)
    {
        Array? value = null;
        for (var fields = new ProtobufReader(feature); fields.MoveNext();)
        {
            value = fields.IsBytes(FloatList) ? ReadFloats(fields.Bytes)
                : fields.IsBytes(IntegerList) ? ReadIntegers(fields.Bytes)
                : value;
        }

        return value;
    }

    private static long[] ReadIntegers(ReadOnlySpan<byte> list)
    {
        var values = new List<long>();
        for (var fields = new ProtobufReader(list); fields.MoveNext();)
        {
            if (fields.IsBytes(1))
            {
                for (var packed = new ProtobufReader(fields.Bytes); !packed.IsAtEnd;)
                {
                    values.Add((long)packed.ReadVarint());
                }
            }
            else if (fields.IsVarint(1))
            {
                values.Add((long)fields.Number);
            }
        }

        return [.. values];
    }

    private static float[] ReadFloats(ReadOnlySpan<byte> list)
    {
        var values = new List<float>();
        for (var fields = new ProtobufReader(list); fields.MoveNext();)
        {
            if (fields.IsBytes(1))
            {
                for (var packed = new ProtobufReader(fields.Bytes); !packed.IsAtEnd;)
                {
                    values.Add(BitConverter.UInt32BitsToSingle(packed.ReadFixed32()));
                }
            }
            else if (fields.IsFixed32(1))
            {
                values.Add(BitConverter.UInt32BitsToSingle((uint)fields.Number));
            }
        }

        return [.. values];
    }
}
