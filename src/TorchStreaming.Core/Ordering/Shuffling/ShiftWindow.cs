// SPDX-License-Identifier: MIT

using System.Numerics;

namespace TorchStreaming.Ordering;

/// <summary>Holds samples with their shifted positions until all that can come before them are there, and gives them out in ascending order
/// of position.</summary>
/// <remarks>A sliding row of buckets, each one stretch of positions wide, whose entries stand in blocks from a common pool. Positions are
/// about as dense as integers, so sorting a bucket is one counting pass and few exchanges. Not thread-safe.</remarks>
internal sealed class ShiftWindow
{
    /// <summary>The positions of a bucket.</summary>
    public const int BucketWidth = 1 << 12;

    private const int BlockLength = 128;
    private const int BlocksPerPage = 128;
    private readonly List<Entry[]> _pages = [];
    private readonly List<int> _nextBlocks = [];
    private readonly int[] _slots = new int[BucketWidth + 1];
    private Bucket[] _buckets = new Bucket[64];
    private Entry[] _sorted = [];
    private int _freeBlock = -1;

    /// <summary>Creates an empty window; samples before its first bucket are counted and dropped.</summary>
    public ShiftWindow(long firstBucket)
    {
        FirstBucket = firstBucket;
        Array.Fill(_buckets, Bucket.Empty);
    }

    /// <summary>Gets the bucket that is given out next.</summary>
    public long FirstBucket { get; private set; }

    /// <summary>Gets how many samples are held.</summary>
    public long Count { get; private set; }

    /// <summary>Gets how many samples lay before the first bucket.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Adds samples that are at consecutive columns, each shifted by <c>low + range · u</c> with u drawn from [0, 1).</summary>
    public void Add(ReadOnlySpan<long> samples, long column, double low, double range, ref NumpyGenerator generator)
    {
        foreach (var sample in samples)
        {
            // Two separately rounded additions, as NumPy computes them.
            var shift = low + (range * generator.NextDouble());
            Add(column + shift, sample);
            column++;
        }
    }

    /// <summary>Gives out the samples of the first bucket, in order, and continues to the next.</summary>
    /// <returns>How many there were.</returns>
    public int Release(ref long[] samples)
    {
        ref var bucket = ref _buckets[FirstBucket & (_buckets.Length - 1)];
        var count = bucket.Count;
        if (samples.Length < count)
        {
            samples = new long[Math.Max(count, BucketWidth + (BucketWidth / 4))];
        }

        Sort(bucket);
        for (var i = 0; i < count; i++)
        {
            samples[i] = _sorted[i].Sample;
        }

        FreeBlocks(ref bucket);
        FirstBucket++;
        Count -= count;
        return count;
    }

    private void Add(double position, long sample)
    {
        var number = (long)position / BucketWidth;
        if (number < FirstBucket)
        {
            DroppedCount++;
            return;
        }

        if (number - FirstBucket >= _buckets.Length)
        {
            Widen(number - FirstBucket + 1);
        }

        ref var bucket = ref _buckets[number & (_buckets.Length - 1)];
        var place = bucket.Count % BlockLength;
        if (place == 0)
        {
            AppendBlock(ref bucket);
        }

        _pages[bucket.LastBlock / BlocksPerPage][((bucket.LastBlock % BlocksPerPage) * BlockLength) + place] = new Entry(position, sample);
        bucket.Count++;
        Count++;
    }

    private void AppendBlock(ref Bucket bucket)
    {
        if (_freeBlock < 0)
        {
            var first = _nextBlocks.Count;
            _pages.Add(new Entry[BlocksPerPage * BlockLength]);
            for (var i = 1; i <= BlocksPerPage; i++)
            {
                _nextBlocks.Add(i < BlocksPerPage ? first + i : -1);
            }

            _freeBlock = first;
        }

        var block = _freeBlock;
        _freeBlock = _nextBlocks[block];
        _nextBlocks[block] = -1;
        if (bucket.Count == 0)
        {
            bucket.FirstBlock = block;
        }
        else
        {
            _nextBlocks[bucket.LastBlock] = block;
        }

        bucket.LastBlock = block;
    }

    private void FreeBlocks(ref Bucket bucket)
    {
        if (bucket.Count > 0)
        {
            _nextBlocks[bucket.LastBlock] = _freeBlock;
            _freeBlock = bucket.FirstBlock;
        }

        bucket = Bucket.Empty;
    }

    private void Sort(Bucket bucket)
    {
        if (_sorted.Length < bucket.Count)
        {
            _sorted = new Entry[Math.Max(bucket.Count, BucketWidth + (BucketWidth / 4))];
        }

        var start = FirstBucket * BucketWidth;
        Array.Clear(_slots);
        ForEachRun(bucket, (run) =>
        {
            foreach (ref readonly var entry in run)
            {
                _slots[(int)((long)entry.Position - start) + 1]++;
            }
        });
        for (var i = 1; i < _slots.Length; i++)
        {
            _slots[i] += _slots[i - 1];
        }

        ForEachRun(bucket, (run) =>
        {
            foreach (ref readonly var entry in run)
            {
                _sorted[_slots[(int)((long)entry.Position - start)]++] = entry;
            }
        });
        InsertionSort(_sorted.AsSpan(0, bucket.Count));
    }

    /// <summary>Finishes a list that is in order but for neighbors within one slot; equals keep their order.</summary>
    private static void InsertionSort(Span<Entry> entries)
    {
        for (var i = 1; i < entries.Length; i++)
        {
            var entry = entries[i];
            var j = i;
            for (; j > 0 && entries[j - 1].Position > entry.Position; j--)
            {
                entries[j] = entries[j - 1];
            }

            entries[j] = entry;
        }
    }

    private void ForEachRun(Bucket bucket, RunAction action)
    {
        var left = bucket.Count;
        for (var block = bucket.FirstBlock; left > 0; block = _nextBlocks[block])
        {
            var length = Math.Min(left, BlockLength);
            action(_pages[block / BlocksPerPage].AsSpan((block % BlocksPerPage) * BlockLength, length));
            left -= length;
        }
    }

    private void Widen(long needed)
    {
        var wider = new Bucket[BitOperations.RoundUpToPowerOf2((ulong)needed)];
        Array.Fill(wider, Bucket.Empty);
        for (var number = FirstBucket; number < FirstBucket + _buckets.Length; number++)
        {
            wider[number & (wider.Length - 1)] = _buckets[number & (_buckets.Length - 1)];
        }

        _buckets = wider;
    }

    private delegate void RunAction(ReadOnlySpan<Entry> run);

    private readonly record struct Entry(double Position, long Sample);

    private struct Bucket
    {
        public static readonly Bucket Empty = new() { FirstBlock = -1, LastBlock = -1 };

        public int FirstBlock;
        public int LastBlock;
        public int Count;
    }
}
