// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Numerics;
using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Golden;

[Trait("Category", GoldenData.Category)]
public sealed class EncodingGoldenTests
{
    [GoldenFact]
    public void TryGet_EveryRecordedName_AgreesAboutExistenceSizeAndSafety()
    {
        using var document = GoldenData.ReadJson("streaming", "shards", "encoding-vectors.json");
        foreach (var entry in document.RootElement.GetProperty("names").EnumerateArray())
        {
            var name = entry.GetProperty("encoding").GetString()!;
            var exists = entry.TryGetProperty("is_mds_encoding", out var known) && known.GetBoolean();

            Assert.True(exists == FieldEncodings.TryGet(name, out var encoding), name);
            if (exists)
            {
                var size = entry.GetProperty("encoded_size");
                Assert.Equal(size.ValueKind == JsonValueKind.Null ? null : size.GetInt32(), encoding!.Size);
                Assert.Equal(entry.GetProperty("safe").GetBoolean(), encoding.IsSafe);
            }
        }
    }

    [GoldenFact]
    public void WriteObjectAndReadObject_EveryRecordedVector_GiveTheRecordedResults()
    {
        using var document = GoldenData.ReadJson("streaming", "shards", "encoding-vectors.json");
        var count = 0;
        foreach (var vector in document.RootElement.GetProperty("vectors").EnumerateArray())
        {
            CheckVector(vector);
            count++;
        }

        GoldenData.AssertMoreThan(200, count);
    }

    private static void CheckVector(JsonElement vector)
    {
        var place = vector.ToString();
        var encoding = FieldEncodings.Get(vector.GetProperty("encoding").GetString()!);
        var input = vector.GetProperty("input");
        if (IsEmptyArray(input))
        {
            Assert.Throws<ArgumentException>(() => GoldenValues.TryMake(input, out _));
            return;
        }

        if (HasNoCounterpart(vector) || !TryMakeInput(input, out var value))
        {
            return;
        }

        if (vector.TryGetProperty("encode_error", out _) || IsRefusedHere(encoding, vector, value))
        {
            var exception = Record.Exception(() => Encode(encoding, value));
            Assert.True(exception is ArgumentException or NotSupportedException, $"{place}: {exception?.ToString() ?? "no error"}");
            return;
        }

        var bytes = Encode(encoding, value);
        Assert.Equal($"{place} {vector.GetProperty("encoded_len")}", $"{place} {bytes.Length}");
        Assert.Equal(
            vector.TryGetProperty("encoded_hex", out var hex) ? $"{place} {hex}" : $"{place} {vector.GetProperty("encoded_sha256")}",
            hex.ValueKind == JsonValueKind.String ? $"{place} {Convert.ToHexStringLower(bytes)}" : $"{place} {GoldenValues.Sha256(bytes)}");

        // Images are not decoded here, and a list of none reads as such, unlike upstream.
        if (vector.TryGetProperty("decode_error", out _) && encoding.Name is not "jpeg_array")
        {
            Assert.True(Record.Exception(() => encoding.ReadObject(bytes)) is InvalidDataException or NotSupportedException, place);
        }
        else if (encoding.IsSafe && vector.TryGetProperty("decoded", out var decoded))
        {
            var (expected, actual) = GoldenValues.Compare(decoded, encoding.ReadObject(bytes));
            Assert.Equal($"{place} {expected}", $"{place} {actual}");
        }
    }

    /// <summary>Arrays without elements cannot even be made.</summary>
    private static bool IsEmptyArray(JsonElement input) =>
        input.TryGetProperty("shape", out var shape) && shape.EnumerateArray().Any(static dimension => dimension.GetInt64() == 0);

    /// <summary>NumPy scalars, <c>bytearray</c>s and big-endian arrays are inputs that .NET does not have.</summary>
    private static bool HasNoCounterpart(JsonElement vector) =>
        vector.TryGetProperty("note", out var note)
        && (note.GetString()!.Contains("np.int64", StringComparison.Ordinal)
            || note.GetString()!.Contains("bytearray", StringComparison.Ordinal)
            || note.GetString()!.Contains("big-endian", StringComparison.Ordinal));

    /// <summary>Numbers that upstream wraps, depending on its NumPy, and the truth value that it stores as unreadable text.</summary>
    private static bool IsRefusedHere(FieldEncoding encoding, JsonElement vector, object? value)
    {
        var wraps = vector.TryGetProperty("note", out var note) && note.GetString()!.Contains("out of range", StringComparison.Ordinal);
        var negative = encoding.Name.StartsWith('u') && value is double and < 0;
        return wraps || negative || (encoding.Name == "str_int" && value is bool);
    }

    private static bool TryMakeInput(JsonElement input, out object? value)
    {
        if (GoldenValues.TryMake(input, out value))
        {
            value = value is BigInteger number && number >= long.MinValue && number <= long.MaxValue ? (long)number : value;
            return true;
        }

        value = input.TryGetProperty("v", out var repr) ? repr.GetString() switch
        {
            "True" => true,
            "'\\ud800'" => "\ud800",
            "[]" => Array.Empty<byte[]>(),
            "[b'\\xff\\xd8']" => new[] { new byte[] { 0xFF, 0xD8 } },
            _ => null,
        }
        : null;
        if (value is null && input.TryGetProperty("dtype", out var type)
            && !Enum.TryParse<NdArrayDType>(type.GetString(), ignoreCase: true, out _))
        {
            value = "an array of another type";
        }

        if (value is null && input.GetProperty("t").GetString() == "ndarray"
            && input.GetProperty("shape").EnumerateArray().ToArray() is [var rows, var columns])
        {
            // Large arrays are recorded by their hash; those in use hold zeros.
            var zeros = new byte[rows.GetInt32() * columns.GetInt32()];
            value = GoldenValues.Sha256(zeros) == input.GetProperty("sha256").GetString()
                ? NdArray.Create<byte>(zeros, rows.GetInt32(), columns.GetInt32())
                : null;
        }

        return value is not null;
    }

    private static byte[] Encode(FieldEncoding encoding, object? value)
    {
        var output = new ArrayBufferWriter<byte>();
        encoding.WriteObject(value, output);
        return output.WrittenSpan.ToArray();
    }
}
