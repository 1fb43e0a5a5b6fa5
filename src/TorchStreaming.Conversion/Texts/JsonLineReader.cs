// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Parses lines of JSON and encodes some of their fields. One thread at a time.</summary>
internal sealed class JsonLineReader : RawReader
{
    private readonly FileSet _files;
    private readonly ImmutableArray<ShardColumn> _columns;
    private readonly string[][] _paths;
    private readonly ReadOnlyMemory<byte>[] _values;

    /// <summary>Creates the reader.</summary>
    public JsonLineReader(FileSet files, ImmutableArray<ShardColumn> columns, ImmutableArray<TextField> fields)
    {
        _files = files;
        _columns = columns;
        _paths = [.. fields.Select(static field => field.Path.Split('.'))];
        _values = new ReadOnlyMemory<byte>[fields.Length];
    }

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var line = (RawLine)item.Part!;
        var problem = Parse(line.Bytes);
        return problem is null ? RawSample.Pack(_columns, _values) : RawSample.Refuse(_files.Refuse(line, $"line {line.Number}", problem));
    }

    private string? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            for (var i = 0; i < _paths.Length; i++)
            {
                if (TakeValue(document.RootElement, _paths[i], out _values[i]) is { } problem)
                {
                    return problem;
                }
            }

            return null;
        }
        catch (JsonException exception)
        {
            return $"The line is no JSON: {exception.Message}";
        }
        catch (InvalidOperationException)
        {
            return "A text is no valid Unicode, so it cannot be stored as UTF-8.";
        }
    }

    private static string? TakeValue(JsonElement root, string[] path, out ReadOnlyMemory<byte> value)
    {
        value = default;
        var element = root;
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return $"The line has no field '{string.Join('.', path)}'.";
            }
        }

        if (element.ValueKind != JsonValueKind.String)
        {
            return $"The field '{string.Join('.', path)}' is no text but {element.ValueKind.ToString().ToLowerInvariant()}.";
        }

        value = Encoding.UTF8.GetBytes(element.GetString()!);
        return null;
    }
}
