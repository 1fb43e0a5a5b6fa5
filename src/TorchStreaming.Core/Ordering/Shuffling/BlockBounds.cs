// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Walks the blocks of a canonical node. Mutable: copy it to keep its state.</summary>
/// <remarks>In <c>py1br</c> the first blocks overlap and the last samples of a node may be in no block; upstream does so and orders depend
/// on it.</remarks>
internal struct BlockBounds
{
    private readonly long _nodeLength;
    private readonly long _stagger;
    private readonly long _shortest;
    private readonly long _longest;
    private NumpyGenerator _generator;
    private long _edge;

    /// <summary>Creates blocks of random length, at least <paramref name="shortest"/> and less than <paramref name="longest"/>.</summary>
    public BlockBounds(long nodeLength, long stagger, long shortest, long longest, NumpyGenerator generator)
    {
        _nodeLength = nodeLength;
        _stagger = stagger;
        _shortest = shortest;
        _longest = longest;
        _generator = generator;
    }

    /// <summary>Gets the generator after the lengths drawn so far.</summary>
    public readonly NumpyGenerator Generator => _generator;

    /// <summary>Draws the next block.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryNext(out long start, out long stop)
    {
        if (_edge >= _nodeLength)
        {
            start = stop = _nodeLength;
            return false;
        }

        // Blocks of one length draw nothing, since the range has one value.
        var length = _generator.Integer(_shortest, _longest);
        start = Math.Max(_edge - _stagger, 0);
        stop = Math.Min(_edge + length - _stagger, _nodeLength);
        _edge += stop - start;
        return true;
    }
}
