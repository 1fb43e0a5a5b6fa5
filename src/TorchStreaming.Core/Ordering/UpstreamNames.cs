// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The two-way table between an enumeration and the strings that upstream uses for it.</summary>
internal sealed class UpstreamNames<TValue>
    where TValue : struct, Enum
{
    private readonly string _kind;
    private readonly (string Name, TValue Value)[] _entries;

    public UpstreamNames(string kind, params (string Name, TValue Value)[] entries)
    {
        _kind = kind;
        _entries = entries;
    }

    public TValue Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var entry in _entries)
        {
            if (entry.Name == name)
            {
                return entry.Value;
            }
        }

        var known = string.Join(", ", _entries.Select(static entry => entry.Name));
        throw new ArgumentException($"'{name}' is not a {_kind}. Use one of: {known}.", nameof(name));
    }

    public string NameOf(TValue value)
    {
        foreach (var entry in _entries)
        {
            if (EqualityComparer<TValue>.Default.Equals(entry.Value, value))
            {
                return entry.Name;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, $"The value is not a {_kind}.");
    }
}
