// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Walks the batches of one device through an epoch of a dataset in Composer's legacy format: its workers take turns, and one
/// that has no samples left is passed over.</summary>
internal sealed class LegacyBatchCursor : BatchCursor
{
    private readonly LegacyPartition[] _parts;
    private readonly KeyedPermutation[]? _orders;
    private readonly int _batchSize;
    private long _round;
    private int _worker;
    private long _skip;

    /// <summary>Starts a walk.</summary>
    /// <param name="parts">The workers' parts, in order.</param>
    /// <param name="batchSize">The samples in a batch.</param>
    /// <param name="shuffleKey">What decides the order in which each worker goes through its part; <see langword="null"/> for ascending
    /// ids.</param>
    /// <param name="skip">How many samples of the device come before the first one to be read.</param>
    public LegacyBatchCursor(LegacyPartition[] parts, int batchSize, ulong? shuffleKey, long skip)
    {
        _parts = parts;
        _batchSize = batchSize;
        _orders = shuffleKey is { } key
            ? [.. parts.Select((part, worker) => new KeyedPermutation(
                KeyedPermutation.DeriveKey(KeyedPermutation.DeriveKey(key, (ulong)worker), (ulong)part.FirstSample), part.SampleCount))]
            : null;

        // Rounds in which every worker has a full batch need no look.
        var perRound = (long)parts.Length * batchSize;
        _round = Math.Min(skip / perRound, parts.Min(static part => part.SampleCount) / batchSize);
        _skip = skip - (_round * perRound);
    }

    /// <inheritdoc/>
    public override int ReadBatch(Span<long> sampleIds)
    {
        while (TryTake(out var worker, out var start, out var count))
        {
            var skipped = (int)Math.Min(_skip, count);
            _skip -= skipped;
            for (var i = skipped; i < count; i++)
            {
                var place = start + i;
                sampleIds[i - skipped] = _parts[worker].FirstSample + (_orders is null ? place : _orders[worker][place]);
            }

            if (count > skipped)
            {
                return count - skipped;
            }
        }

        return 0;
    }

    /// <summary>Finds the next batch that is not empty.</summary>
    private bool TryTake(out int worker, out long start, out int count)
    {
        for (var passed = 0; passed < _parts.Length; passed++)
        {
            worker = _worker;
            start = _round * _batchSize;
            if (++_worker == _parts.Length)
            {
                _worker = 0;
                _round++;
            }

            count = (int)Math.Clamp(_parts[worker].SampleCount - start, 0, _batchSize);
            if (count > 0)
            {
                return true;
            }
        }

        (worker, start, count) = (0, 0, 0);
        return false;
    }
}
