// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Ordering;

/// <summary>Runs every case of a golden file and reports all that fail, by name.</summary>
internal static class GoldenCases
{
    private const int MostShown = 20;

    public static void Check(ITestOutputHelper output, string file, IEnumerable<JsonElement> cases, Action<JsonElement> check)
    {
        var count = 0;
        var failures = new List<string>();
        foreach (var item in cases)
        {
            count++;
            try
            {
                check(item);
            }
            catch (MissingGoldenException)
            {
                count--;
            }
            catch (Exception exception)
            {
                var name = item.TryGetProperty("case", out var given) ? given.GetString() : $"#{count - 1}";
                failures.Add($"{name}: {exception.GetType().Name}: {exception.Message}");
            }
        }

        output.WriteLine($"{file}: {count - failures.Count} of {count} cases equal.");
        GoldenData.AssertMoreThan(0, count);
        Assert.True(failures.Count == 0, $"{failures.Count} of {count} cases of {file} "
            + $"fail:\n{string.Join('\n', failures.Take(MostShown))}");
    }

    /// <summary>Checks that a case that fails upstream fails here, with an error about arguments or about resuming.</summary>
    public static void CheckError(JsonElement item, Action act)
    {
        var exception = Record.Exception(act);
        Assert.True(
            exception is ArgumentException or ResumeException,
            $"upstream: {item.GetProperty("error")}; here: {exception?.ToString() ?? "no error"}");
        Assert.NotEmpty(exception!.Message);
    }

    /// <summary>Compares ids with a case's <c>ids</c>, or with its <c>first32</c>, <c>last32</c> and <c>sha256</c>.</summary>
    public static void CheckIds(JsonElement item, ReadOnlySpan<long> ids)
    {
        if (item.TryGetProperty("ids", out var all))
        {
            Assert.Equal(Longs(all), ids.ToArray());
        }
        else
        {
            var first = Longs(item.GetProperty("first32"));
            Assert.Equal(first, ids[..first.Length].ToArray());
            var last = Longs(item.GetProperty("last32"));
            Assert.Equal(last, ids[^last.Length..].ToArray());
        }

        Assert.Equal(item.GetProperty("sha256").GetString(), Digest(ids));
    }

    public static string Digest(ReadOnlySpan<long> ids)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        while (ids.Length > 0)
        {
            var count = Math.Min(ids.Length, buffer.Length / sizeof(long));
            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(i * sizeof(long)), ids[i]);
            }

            hash.AppendData(buffer, 0, count * sizeof(long));
            ids = ids[count..];
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static long[] Longs(JsonElement array) => [.. array.EnumerateArray().Select(Long)];

    public static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(static value => value.GetInt32())];

    public static long Long(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.GetInt64();

    public static int? OptionalInt(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    /// <summary>Reads a seed, which is a decimal string, a hexadecimal one, or a number.</summary>
    public static UInt128 Seed(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.GetUInt64();
        }

        var text = value.GetString()!;
        return text.StartsWith("0x", StringComparison.Ordinal)
            ? UInt128.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : UInt128.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Reads shard sizes, given one by one or as runs of equal ones.</summary>
    public static int[] ShardSizes(JsonElement input)
    {
        if (input.TryGetProperty("shard_sizes", out var sizes))
        {
            return Ints(sizes);
        }

        return [.. input.GetProperty("shard_size_runs").EnumerateArray().SelectMany(
            static run => Enumerable.Repeat(run[1].GetInt32(), run[0].GetInt32()))];
    }
}
