// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Our own order: groups of consecutive shards in random order, and samples mixed within windows of groups. Nothing is drawn in
/// sequence, so every position is computed by itself, in the same small memory at any size.</summary>
/// <remarks><para>Shards are taken in at most <see cref="MostGroups"/> groups; up to that many shards, a group is one shard. The groups are
/// shuffled, and as many of them as hold about one block of samples make a window, within which samples are mixed by a keyed permutation. A
/// window is cut where a canonical node ends, so a shard serves one node, or two neighbors. Each shard's samples stand in one window, so
/// about one window of shards is in use at a time.</para>
/// <para>An epoch that takes a fraction of a stream takes that fraction of every shard, give or take one sample; the granularity of
/// sampling does not matter. Which samples of a shard are taken, and which shards round up, depends on the seed, and with balanced sampling
/// on the epoch.</para></remarks>
internal sealed class IndexedOrder : ShuffledOrder
{
    private const int MostGroups = 1 << 14;

    // Numbers that separate the uses of the seed.
    private const ulong GroupsUse = 1;
    private const ulong WindowsUse = 2;
    private const ulong SamplesUse = 3;
    private readonly ShuffleSettings _settings;
    private readonly ShardShares _shards;
    private readonly int _groupLength;
    private readonly int[] _groups;
    private readonly long[] _groupStarts;
    private readonly int _windowLength;
    private readonly ulong _windowsKey;

    public IndexedOrder(ShuffleSettings settings, OrderRequest request, int? stream)
    {
        _settings = settings;
        var epochKey = DeriveKey(settings.EpochSeed);
        var samplingKey = request.IsBalanced ? epochKey : DeriveKey(settings.RunSeed);
        _shards = new ShardShares(request, stream, KeyedPermutation.DeriveKey(samplingKey, SamplesUse));
        _windowsKey = KeyedPermutation.DeriveKey(epochKey, WindowsUse);
        _groupLength = (int)Math.Max(((long)_shards.Count + MostGroups - 1) / MostGroups, 1);
        _groups = new int[(_shards.Count + _groupLength - 1) / _groupLength];
        new NumpyGenerator(KeyedPermutation.DeriveKey(epochKey, GroupsUse)).Permutation<int>(_groups);
        _groupStarts = new long[_groups.Length + 1];
        for (var i = 0; i < _groups.Length; i++)
        {
            var first = _groups[i] * _groupLength;
            var last = Math.Min(first + _groupLength, _shards.Count);
            _groupStarts[i + 1] = _groupStarts[i] + _shards.GetStart(last) - _shards.GetStart(first);
        }

        var groupSize = Math.Max(SampleCount / _groups.Length, 1);
        _windowLength = (int)Math.Clamp(settings.BlockSize / groupSize, 1, _groups.Length);
    }

    private long SampleCount => _groupStarts[^1];

    /// <inheritdoc/>
    public override ShuffleReader OpenReader() => new Reader(this);

    private static ulong DeriveKey(UInt128 seed) => KeyedPermutation.DeriveKey((ulong)seed, (ulong)(seed >> 64));

    /// <summary>Finds the window of a position: its borders and its permutation.</summary>
    private Window FindWindow(long position, int node)
    {
        var nodes = _settings.CanonicalNodes;
        var number = Spanner.LastAtOrBelow(_groupStarts.AsSpan(0, _groups.Length), position) / _windowLength;
        var firstGroup = number * _windowLength;
        var lastGroup = Math.Min(firstGroup + _windowLength, _groups.Length);
        var start = Math.Max(_groupStarts[firstGroup], PartitionShape.GetNodeStart(node, SampleCount, nodes));
        var end = Math.Min(_groupStarts[lastGroup], PartitionShape.GetNodeStart(node + 1, SampleCount, nodes));
        var key = KeyedPermutation.DeriveKey(KeyedPermutation.DeriveKey(_windowsKey, (ulong)number), (ulong)node);
        return new Window(start, end, firstGroup, lastGroup, (double)(lastGroup - firstGroup) / (end - start),
            new KeyedPermutation(key, end - start));
    }

    /// <summary>Reads the sample that a place of a window's permutation stands for.</summary>
    private long ReadAt(in Window window, long place)
    {
        var mixed = window.Start + place;
        var group = FindGroup(window, mixed);
        var first = _groups[group] * _groupLength;
        var last = Math.Min(first + _groupLength, _shards.Count);
        return _shards.Read(_shards.GetStart(first) + mixed - _groupStarts[group], first, last);
    }

    private int FindGroup(in Window window, long position)
    {
        var groups = window.LastGroup - window.FirstGroup;
        var guess = window.FirstGroup + Math.Clamp((int)((position - window.Start) * window.GroupsPerSample), 0, groups - 1);
        // Mostly right where shards are about equally large.
        return _groupStarts[guess] <= position && position < _groupStarts[guess + 1]
            ? guess
            : window.FirstGroup + Spanner.LastAtOrBelow(_groupStarts.AsSpan(window.FirstGroup, groups), position);
    }

    private readonly record struct Window(
        long Start, long End, int FirstGroup, int LastGroup, double GroupsPerSample, KeyedPermutation Permutation)
    {
        public bool Holds(long position) => position >= Start && position < End;
    }

    private sealed class Reader(IndexedOrder order) : ShuffleReader
    {
        private const int MostKept = 64;
        private readonly Lane[] _lanes = new Lane[Math.Min(order._settings.CanonicalNodes, MostKept)];
        private int _last;

        public override long Read(long position)
        {
            ref var lane = ref _lanes[_last];
            if (!lane.Window.Holds(position))
            {
                // Ranks read several canonical nodes in turn, and each stays in its window for long.
                var node = PartitionShape.FindNode(position, order.SampleCount, order._settings.CanonicalNodes);
                _last = node % _lanes.Length;
                lane = ref _lanes[_last];
                if (!lane.Window.Holds(position))
                {
                    lane.Enter(order.FindWindow(position, node));
                }
            }

            return order.ReadAt(lane.Window, lane.Permute(position));
        }
    }

    /// <summary>The window that a canonical node is read in, and what was permuted ahead there.</summary>
    private struct Lane
    {
        private const int MostAhead = 64;
        private long[]? _ahead;
        private long _start;
        private int _length;

        public Window Window;

        public void Enter(in Window window)
        {
            Window = window;
            _length = 0;
        }

        /// <summary>Gets the place that a position is mixed to. Positions that follow each other are permuted together; others may be
        /// far apart, and are not.</summary>
        public long Permute(long position)
        {
            var index = position - _start;
            if (index < 0 || index >= _length)
            {
                _ahead ??= new long[MostAhead];
                _length = _length > 0 && index == _length ? (int)Math.Min(MostAhead, Window.End - position) : 1;
                _start = position;
                index = 0;
                Window.Permutation.Read(position - Window.Start, _ahead.AsSpan(0, _length));
            }

            return _ahead![index];
        }
    }
}
