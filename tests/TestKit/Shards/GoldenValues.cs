// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Values as the golden data describe them.</summary>
public static class GoldenValues
{
    /// <summary>Describes a value that was read in the words of the golden data, as far as the reading side can know them.</summary>
    /// <param name="expected">The recorded value, which says what kind of value it is.</param>
    /// <param name="actual">The value that was read.</param>
    /// <returns>A pair of texts that are equal when the values are.</returns>
    public static (string Expected, string Actual) Compare(JsonElement expected, object? actual)
    {
        var kind = expected.GetProperty("t").GetString()!;
        return kind switch
        {
            "bytes" => (expected.GetProperty("sha256").GetString()!, Sha256((byte[])actual!)),
            "jpeg" => (expected.GetProperty("bytes_sha256").GetString()!, Sha256((byte[])actual!)),
            "image" when actual is PilImage image => (DescribeImage(expected), DescribeImage(image)),
            "image" when actual is byte[] png => (DescribeImage(expected), DescribeImage(png)),
            "ndarray" => (DescribeArray(expected), DescribeArray((NdArray)actual!)),
            "json" => (expected.GetProperty("text").GetString()!, ToPythonJson(actual)),
            "list" => CompareLists(expected.GetProperty("v"), (IEnumerable)actual!),
            "float16" or "float32" or "float64" or "float" => (expected.GetProperty("bits").GetString()!, DescribeBits(actual!)),
            _ => (expected.GetProperty("v").GetString()!, Convert.ToString(actual, CultureInfo.InvariantCulture)!),
        };
    }

    /// <summary>Makes the value that a writer is given, or tells that the golden data do not hold it.</summary>
    /// <param name="value">The recorded value.</param>
    /// <param name="result">The value.</param>
    /// <returns>Whether the value could be made.</returns>
    public static bool TryMake(JsonElement value, out object? result)
    {
        result = null;
        switch (value.GetProperty("t").GetString())
        {
            case "int" or "int8" or "int16" or "int32" or "int64" or "uint8" or "uint16" or "uint32" or "uint64":
                result = BigInteger.Parse(value.GetProperty("v").GetString()!, CultureInfo.InvariantCulture);
                return true;
            case "float16":
                result = BitConverter.UInt16BitsToHalf((ushort)ReadBits(value));
                return true;
            case "float32":
                result = BitConverter.UInt32BitsToSingle((uint)ReadBits(value));
                return true;
            case "float64" or "float":
                result = BitConverter.UInt64BitsToDouble(ReadBits(value));
                return true;
            case "str":
                result = value.GetProperty("v").GetString();
                return true;
            case "decimal":
                result = BigDecimal.Parse(value.GetProperty("v").GetString()!);
                return true;
            case "json":
                result = FieldEncodings.Get("json").ReadObject(System.Text.Encoding.UTF8.GetBytes(value.GetProperty("text").GetString()!));
                return true;
            case "bytes" when value.TryGetProperty("b64", out var base64):
                result = base64.GetBytesFromBase64();
                return true;
            case "ndarray" when value.TryGetProperty("b64", out var base64)
                && TryParseType(value.GetProperty("dtype").GetString()!, out var type):
                var shape = value.GetProperty("shape").EnumerateArray().Select(static dimension => dimension.GetInt64()).ToImmutableArray();
                result = new NdArray(type, shape, base64.GetBytesFromBase64());
                return true;
            default:
                return false;
        }
    }

    /// <summary>Renders a JSON value as Python does.</summary>
    public static string ToPythonJson(object? value)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        FieldEncodings.Get("json").WriteObject(value, output);
        return System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Hashes bytes.</summary>
    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static ulong ReadBits(JsonElement value) =>
        ulong.Parse(value.GetProperty("bits").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static bool TryParseType(string name, out NdArrayDType type) =>
        Enum.TryParse(name, ignoreCase: true, out type) && type.NumPyName() == name;

    private static (string Expected, string Actual) CompareLists(JsonElement expected, IEnumerable actual)
    {
        var values = actual.Cast<object?>().ToArray();
        var recorded = expected.EnumerateArray().ToArray();
        if (values.Length != recorded.Length)
        {
            return ($"{recorded.Length} elements", $"{values.Length} elements");
        }

        var pairs = recorded.Zip(values, Compare).ToArray();
        return (string.Join('|', pairs.Select(static pair => pair.Expected)), string.Join('|', pairs.Select(static pair => pair.Actual)));
    }

    private static string DescribeBits(object value) => value switch
    {
        Half half => BitConverter.HalfToUInt16Bits(half).ToString("x4", CultureInfo.InvariantCulture),
        float single => BitConverter.SingleToUInt32Bits(single).ToString("x8", CultureInfo.InvariantCulture),
        double number => BitConverter.DoubleToUInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
        _ => value.GetType().Name,
    };

    private static string DescribeArray(JsonElement array) =>
        $"{array.GetProperty("dtype")} [{string.Join(", ", array.GetProperty("shape").EnumerateArray())}] {array.GetProperty("sha256")}";

    private static string DescribeArray(NdArray array) =>
        $"{array.DType.NumPyName()} [{string.Join(", ", array.Shape)}] {Sha256(array.Bytes.Span)}";

    private static string DescribeImage(JsonElement image) =>
        $"{image.GetProperty("mode")} {DescribePngSize(image)} {image.GetProperty("pixels_sha256")}";

    private static string DescribeImage(PilImage image) => $"{image.Mode} [{image.Width}, {image.Height}] {Sha256(image.Pixels.Span)}";

    private static string DescribeImage(byte[] png)
    {
        var (mode, pixels) = PngReader.ReadAsPillow(png);
        return $"{mode} {DescribePngSize(png)} {Sha256(pixels)}";
    }

    private static string DescribePngSize(JsonElement image) => $"[{string.Join(", ", image.GetProperty("size").EnumerateArray())}]";

    private static string DescribePngSize(byte[] png) =>
        $"[{BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16))}, {BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))}]";
}
