// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Shards;

/// <summary>Makes equal schemas, names and lists of one index one object, so that memory per shard does not grow with the number of
/// columns.</summary>
internal sealed class SchemaPool
{
    private readonly HashSet<string> _strings = new(StringComparer.Ordinal);
    private readonly List<ShardSchema> _schemas = [];
    private readonly List<ImmutableArray<string>> _lists = [];

    /// <summary>Gets the one object that equals a string.</summary>
    public string Intern(string text)
    {
        if (_strings.TryGetValue(text, out var known))
        {
            return known;
        }

        _strings.Add(text);
        return text;
    }

    /// <summary>Gets the one list that equals a list.</summary>
    public ImmutableArray<string> Intern(List<string> list)
    {
        foreach (var known in _lists)
        {
            if (known.AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list)))
            {
                return known;
            }
        }

        _lists.Add([.. list]);
        return _lists[^1];
    }

    /// <summary>Gets the one schema that has these parts.</summary>
    public ShardSchema Intern(
        string format, List<string> names, List<string> encodings, List<int?>? sizes, string? newline, string? separator)
    {
        // The shards of a dataset nearly always share one schema, so the newest is looked at first.
        for (var i = _schemas.Count - 1; i >= 0 && i >= _schemas.Count - 16; i--)
        {
            if (Matches(_schemas[i], format, names, encodings, sizes, newline, separator))
            {
                return _schemas[i];
            }
        }

        var columns = ImmutableArray.CreateBuilder<ShardColumn>(names.Count);
        for (var i = 0; i < names.Count; i++)
        {
            columns.Add(new ShardColumn(names[i], encodings[i], sizes?[i]));
        }

        _schemas.Add(new ShardSchema(Intern(format), columns.MoveToImmutable()) { Newline = newline, Separator = separator });
        return _schemas[^1];
    }

    private static bool Matches(
        ShardSchema schema,
        string format,
        List<string> names,
        List<string> encodings,
        List<int?>? sizes,
        string? newline,
        string? separator)
    {
        if (schema.Format != format || schema.Columns.Length != names.Count || schema.Newline != newline || schema.Separator != separator)
        {
            return false;
        }

        for (var i = 0; i < names.Count; i++)
        {
            var column = schema.Columns[i];
            if (column.Name != names[i] || column.Encoding != encodings[i] || column.Size != sizes?[i])
            {
                return false;
            }
        }

        return true;
    }
}
