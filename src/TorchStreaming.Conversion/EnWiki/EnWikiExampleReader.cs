// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Takes the seven lists out of examples for BERT. One thread at a time.</summary>
internal sealed class EnWikiExampleReader(FileSet files, ImmutableArray<ShardColumn> columns) : RawReader
{
    private const string Weights = "masked_lm_weights";

    private readonly Dictionary<string, Array> _features = new(StringComparer.Ordinal);
    private readonly ReadOnlyMemory<byte>[] _values = new ReadOnlyMemory<byte>[columns.Length];

    /// <summary>Gets the names of the lists, sorted.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "input_ids", "input_mask", "masked_lm_ids", "masked_lm_positions", Weights, "next_sentence_labels", "segment_ids",
    ];

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var record = (TfRecord)item.Part!;
        try
        {
            _features.Clear();
            TfExample.Read(record.Bytes.Span, _features);
            for (var i = 0; i < _values.Length; i++)
            {
                _values[i] = Encode(columns[i].Name);
            }

            return RawSample.Pack(columns, _values);
        }
        catch (InvalidDataException exception)
        {
            return RawSample.Refuse(files.Refuse(record, $"record {record.Number}", exception.Message));
        }
    }

    private byte[] Encode(string name) => (_features.GetValueOrDefault(name), name == Weights) switch
    {
        (null, _) => throw new InvalidDataException($"The example has no feature '{name}' of numbers."),
        (long[] integers, false) => Encode(integers, name),
        (float[] floats, true) => Encode(floats),
        _ => throw new InvalidDataException($"The feature '{name}' holds numbers of another type."),
    };

    private static byte[] Encode(long[] values, string name)
    {
        var bytes = new byte[values.Length * sizeof(int)];
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i] == (int)values[i] ? (int)values[i]
                : throw new InvalidDataException($"The feature '{name}' holds {values[i]}, which is no 32-bit integer.");
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), value);
        }

        return bytes;
    }

    private static byte[] Encode(float[] values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }
}
