// SPDX-License-Identifier: MIT

namespace TorchStreaming.Streams;

/// <summary>The fields that a reader's samples have, in the order in which they were first seen. They only grow, unless they were declared:
/// then they stay.</summary>
internal sealed class AISSeenFields
{
    /// <summary>More mean that names are split in the wrong place, and every sample would have them all.</summary>
    private const int Limit = 10_000;

    private readonly HashSet<string> _known;
    private readonly List<string> _names;
    private readonly bool _isDeclared;

    public AISSeenFields(IReadOnlyList<string> declared)
    {
        _names = [.. declared];
        _known = [.. declared];
        _isDeclared = declared.Count > 0;
    }

    public IReadOnlyList<string> Names => _names;

    public void Add(IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            if (!_isDeclared && _known.Add(field))
            {
                _names.Add(field);
                if (_names.Count > Limit)
                {
                    throw new InvalidOperationException(
                        $"The shards have more than {Limit} different fields. Check {nameof(AISStreamOptions.KeyRule)}, or declare "
                            + $"{nameof(AISStreamOptions.Fields)}.");
                }
            }
        }
    }
}
