// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine.Parsing;
using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>Reads the values of options. What cannot be read is a usage error, found before anything is done.</summary>
internal static class OptionParsers
{
    /// <summary>Reads a size such as <c>64mb</c>.</summary>
    public static ByteSize SizeLimit(ArgumentResult result)
    {
        var text = TextOf(result);
        if (ByteSize.TryParse(text, out var size) && size.Bytes is > 0 and <= uint.MaxValue)
        {
            return size;
        }

        result.AddError($"'{text}' is not a size limit. Write a size below 4gb such as 64mb.");
        return default;
    }

    /// <summary>Reads a size of 0 or more, such as <c>200gb</c>.</summary>
    public static ByteSize SizeOrNothing(ArgumentResult result)
    {
        var text = TextOf(result);
        if (ByteSize.TryParse(text, out var size) && size.Bytes >= 0)
        {
            return size;
        }

        result.AddError($"'{text}' is not a size. Write one such as 200gb, or 0.");
        return default;
    }

    /// <summary>Reads a size above 0 such as <c>200mb</c>.</summary>
    public static ByteSize? Size(ArgumentResult result)
    {
        var text = TextOf(result);
        if (ByteSize.TryParse(text, out var size) && size.Bytes > 0)
        {
            return size;
        }

        result.AddError($"'{text}' is not a size. Write a number of bytes with or without a unit, as in 200mb.");
        return null;
    }

    /// <summary>Reads a time of up to an hour such as <c>50ms</c> or <c>1.5s</c>; without a unit it is in milliseconds.</summary>
    public static TimeSpan? Duration(ArgumentResult result)
    {
        var text = TextOf(result).Trim();
        var (number, milliseconds) = text switch
        {
            [.. var digits, 'm', 's'] => (digits, 1.0),
            [.. var digits, 's'] => (digits, 1000.0),
            _ => (text, 1.0),
        };
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value * milliseconds is >= 0 and <= 3_600_000)
        {
            return TimeSpan.FromMilliseconds(value * milliseconds);
        }

        result.AddError($"'{text}' is not a time. Write one of up to an hour such as 50ms or 1.5s.");
        return null;
    }

    /// <summary>Reads a number of samples above 0 such as <c>10_000</c> or <c>1b</c>.</summary>
    public static long? Samples(ArgumentResult result)
    {
        var text = TextOf(result);
        try
        {
            if (SampleCount.Parse(text).Samples is > 0 and var samples)
            {
                return samples;
            }
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            // Said below, with an example.
        }

        result.AddError($"'{text}' is not a number of samples. Write one such as 500k, 10m or 1b.");
        return null;
    }

    /// <summary>Reads whole numbers above 0 between commas.</summary>
    public static ImmutableArray<int> Positives(ArgumentResult result)
    {
        var numbers = ImmutableArray.CreateBuilder<int>();
        foreach (var name in Names(result))
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                numbers.Add(number);
            }
            else
            {
                result.AddError($"'{name}' is not a whole number above 0.");
            }
        }

        return numbers.ToImmutable();
    }

    /// <summary>Reads a compression such as <c>zstd:3</c>; <c>none</c> is none.</summary>
    /// <returns>The scheme, or nothing for <c>none</c>: a parser must not answer <see langword="null"/>.</returns>
    public static ImmutableArray<CompressionScheme> Compression(ArgumentResult result)
    {
        var text = TextOf(result);
        if (text is "" or "none")
        {
            return [];
        }

        if (CompressionScheme.TryParse(text, out var scheme))
        {
            return [scheme];
        }

        var families = string.Join(", ", CompressionCodecs.Families);
        result.AddError($"'{text}' is not a compression. Known are none, {families}, each also with a level as in zstd:3.");
        return [];
    }

    /// <summary>Reads names of hashes between commas; <c>none</c> is none.</summary>
    public static ImmutableArray<string> Hashes(ArgumentResult result)
    {
        ImmutableArray<string> names = [.. Names(result).Where(static name => name != "none")];
        foreach (var unknown in names.Except(ShardHashes.Names))
        {
            result.AddError($"'{unknown}' is not a hash. Known are none, {string.Join(", ", ShardHashes.Names)}.");
        }

        return names;
    }

    /// <summary>Reads names between commas.</summary>
    public static ImmutableArray<string> Names(ArgumentResult result) =>
        [.. result.Tokens.SelectMany(
            static token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>Reads encodings by column such as <c>x=jpeg,y=int64</c>; what follows a comma without a <c>=</c> belongs to the encoding
    /// before it, as in <c>a=ndarray:uint8:2,3</c>.</summary>
    public static ImmutableDictionary<string, string> Encodings(ArgumentResult result)
    {
        var encodings = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var column = "";
        foreach (var part in Names(result))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                column = part[..equals];
                encodings[column] = part[(equals + 1)..];
            }
            else if (column.Length > 0)
            {
                encodings[column] += "," + part;
            }
            else
            {
                result.AddError($"'{part}' does not say what a column holds. Write its name and an encoding as in x=jpeg.");
            }
        }

        foreach (var unknown in encodings.Values.Where(static name => !FieldEncodings.TryGet(name, out _)))
        {
            result.AddError($"'{unknown}' is not an encoding. Known are {string.Join(", ", FieldEncodings.Names)}.");
        }

        return encodings.ToImmutable();
    }

    /// <summary>Reads the fields of tars by column, such as <c>x=jpg,y=cls</c>.</summary>
    public static ImmutableDictionary<string, string> Fields(ArgumentResult result)
    {
        var fields = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var part in Names(result))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && equals < part.Length - 1)
            {
                fields[part[..equals]] = part[(equals + 1)..];
            }
            else
            {
                result.AddError($"'{part}' does not say what the files of a column end with. Write its name and the ending as in x=jpg.");
            }
        }

        return fields.ToImmutable();
    }

    /// <summary>Reads a run of samples such as <c>10:20</c>.</summary>
    public static SampleSlice? Range(ArgumentResult result)
    {
        var text = TextOf(result);
        if (SampleSlice.TryParse(text) is { } range)
        {
            return range;
        }

        result.AddError($"'{text}' is not a run of samples. Write the first and the one after the last as in 10:20, :5 or -3:.");
        return null;
    }

    /// <summary>Reads a whole number that is at least 1.</summary>
    public static int? Positive(ArgumentResult result)
    {
        var text = TextOf(result);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }

        result.AddError($"'{text}' is not a whole number above 0.");
        return null;
    }

    /// <summary>Reads one size in pixels or two with a hyphen, as in <c>160-400</c>.</summary>
    public static (int Minimum, int Maximum) PixelRange(ArgumentResult result)
    {
        var text = TextOf(result);
        var parts = text.Split('-');
        if (parts.Length <= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var minimum)
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var maximum)
            && minimum is >= 8 and <= 16_384 && maximum >= minimum && maximum <= 16_384)
        {
            return (minimum, maximum);
        }

        result.AddError($"'{text}' is not a range of sizes. Write the minimum and the maximum side, from 8 to 16384, as in 160-400.");
        return default;
    }

    private static string TextOf(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
}
