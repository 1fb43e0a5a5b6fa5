// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>The shards of a large index as short records one after another, about 50 bytes for a shard with two hashes. A shard becomes an
/// object when it is asked for.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class PackedShards
{
    private readonly ShardTemplate[] _templates;
    private readonly ReadOnlyMemory<ushort> _kinds;
    private readonly int[] _offsets;
    private readonly ReadOnlyMemory<byte> _records;

    private PackedShards(
        ShardTemplate[] templates, ReadOnlyMemory<byte> examples, ReadOnlyMemory<ushort> kinds, int[] offsets, ReadOnlyMemory<byte> records)
    {
        _templates = templates;
        Examples = examples;
        _kinds = kinds;
        _offsets = offsets;
        _records = records;
    }

    /// <summary>Gets the number of shards.</summary>
    public int Count => _offsets.Length;

    /// <summary>Gets the templates.</summary>
    public ReadOnlySpan<ShardTemplate> Templates => _templates;

    /// <summary>Gets the text of an index with one shard of each template, in their order.</summary>
    public ReadOnlyMemory<byte> Examples { get; }

    /// <summary>Gets the template of each shard, by its number.</summary>
    public ReadOnlySpan<ushort> Kinds => _kinds.Span;

    /// <summary>Gets all records.</summary>
    public ReadOnlySpan<byte> Records => _records.Span;

    /// <summary>Gets the samples of all shards.</summary>
    public long SampleCount { get; private init; }

    /// <summary>Gets the size of all files as readers need them.</summary>
    public long RawBytes { get; private init; }

    /// <summary>Gets the size of all files as they are stored.</summary>
    public long StoredBytes { get; private init; }

    /// <summary>Makes a shard.</summary>
    public ShardInfo this[int shard] => _templates[_kinds.Span[shard]].Read(_records.Span[_offsets[shard]..]);

    /// <summary>Gets the samples of a shard.</summary>
    public int GetSampleCount(int shard) => ShardTemplate.ReadSampleCount(_records.Span[_offsets[shard]..]);

    /// <summary>Gets the number in the names of a shard's files.</summary>
    public int GetNumber(int shard) => ShardTemplate.ReadNumber(_records.Span[_offsets[shard]..]);

    /// <summary>Gets the bytes of a shard's files in both forms together.</summary>
    public Int128 GetFullBytes(int shard) => _templates[_kinds.Span[shard]].MeasureFull(_records.Span[_offsets[shard]..]);

    /// <summary>Takes records, checking each as the parser checks what it reads.</summary>
    /// <param name="templates">The kinds of shards.</param>
    /// <param name="examples">The text of an index with one shard of each.</param>
    /// <param name="kinds">The template of each shard.</param>
    /// <param name="records">The records one after another.</param>
    /// <returns>The shards, or <see langword="null"/> when the records are not what a parser could have made.</returns>
    public static PackedShards? TryCreate(
        ShardTemplate[] templates, ReadOnlyMemory<byte> examples, ReadOnlyMemory<ushort> kinds, ReadOnlyMemory<byte> records)
    {
        var offsets = new int[kinds.Length];
        var (samples, rawBytes, storedBytes) = (0L, 0L, 0L);
        var rest = records.Span;
        for (var shard = 0; shard < offsets.Length; shard++)
        {
            var kind = kinds.Span[shard];
            if (kind >= templates.Length || rest.Length < templates[kind].RecordLength
                || !templates[kind].TryMeasure(rest, out var raw, out var stored)
                || raw > long.MaxValue - rawBytes || stored > long.MaxValue - storedBytes)
            {
                return null;
            }

            offsets[shard] = records.Length - rest.Length;
            samples += ShardTemplate.ReadSampleCount(rest);
            (rawBytes, storedBytes) = (rawBytes + raw, storedBytes + stored);
            rest = rest[templates[kind].RecordLength..];
        }

        return !rest.IsEmpty ? null : new PackedShards(templates, examples, kinds, offsets, records)
        {
            SampleCount = samples,
            RawBytes = rawBytes,
            StoredBytes = storedBytes,
        };
    }

    /// <summary>Collects shards.</summary>
    internal sealed class Builder
    {
        /// <summary>So many kinds of shards mean that they have little in common.</summary>
        private const int MaxTemplates = 4096;

        private readonly List<ShardTemplate> _templates = [];
        private readonly List<ushort> _kinds = [];
        private readonly ArrayBufferWriter<byte> _examples = new();
        private byte[] _records = new byte[1 << 12];
        private int _length;

        /// <summary>Gets the number of shards so far.</summary>
        public int Count => _kinds.Count;

        /// <summary>Gets the template of the last shard.</summary>
        public ShardTemplate LastTemplate => _templates[_kinds[^1]];

        /// <summary>Gets the record of the last shard.</summary>
        public ReadOnlySpan<byte> LastRecord => _records.AsSpan(_length - LastTemplate.RecordLength, LastTemplate.RecordLength);

        /// <summary>Adds a shard.</summary>
        /// <param name="shard">The shard.</param>
        /// <param name="text">Its entry in the index.</param>
        /// <returns>Whether it could be packed; otherwise nothing was added.</returns>
        public bool TryAdd(ShardInfo shard, ReadOnlySpan<byte> text)
        {
            // The shards of a dataset nearly always are of one kind, or of one kind per folder.
            for (var kind = _templates.Count - 1; kind >= 0; kind--)
            {
                if (TryWrite(kind, shard))
                {
                    return true;
                }
            }

            if (_templates.Count == MaxTemplates || ShardTemplate.TryCreate(shard) is not { } template)
            {
                return false;
            }

            _examples.Write(_templates.Count == 0 ? "{\"version\": 2, \"shards\": ["u8 : ", "u8);
            _examples.Write(text);
            _templates.Add(template);
            return TryWrite(_templates.Count - 1, shard);
        }

        /// <summary>Adds a shard of the last one's kind whose entry follows a pattern.</summary>
        /// <param name="pattern">The pattern, of the last shard's template.</param>
        /// <param name="text">The entry and what follows it.</param>
        /// <param name="bytes">The size of all files so far, which is added to.</param>
        /// <param name="length">The length of the entry.</param>
        /// <returns>Whether the entry follows the pattern; otherwise nothing was added.</returns>
        public bool TryAdd(EntryPattern pattern, ReadOnlySpan<byte> text, ref long bytes, out int length)
        {
            length = 0;
            var recordLength = pattern.Template.RecordLength;
            if (!TryMakeRoom(recordLength) || !pattern.TryMatch(text, _records.AsSpan(_length, recordLength), out length)
                || pattern.Template.MeasureFull(_records.AsSpan(_length)) is var full && full > long.MaxValue - bytes)
            {
                return false;
            }

            bytes += (long)full;
            _length += recordLength;
            _kinds.Add(_kinds[^1]);
            return true;
        }

        /// <summary>Makes room for more shards of the last one's kind.</summary>
        public void Reserve(int shards)
        {
            var room = Math.Min((long)shards * LastTemplate.RecordLength, Array.MaxLength - _length);
            if (_records.Length - _length < room)
            {
                Array.Resize(ref _records, _length + (int)room);
                _kinds.EnsureCapacity(_kinds.Count + shards);
            }
        }

        /// <summary>Makes objects of all shards again.</summary>
        public IEnumerable<ShardInfo> Unpack()
        {
            var at = 0;
            foreach (var kind in _kinds)
            {
                yield return _templates[kind].Read(_records.AsSpan(at));
                at += _templates[kind].RecordLength;
            }
        }

        /// <summary>Ends the collection.</summary>
        public PackedShards Build()
        {
            _examples.Write("]}"u8);
            return TryCreate([.. _templates], _examples.WrittenSpan.ToArray(), _kinds.ToArray(), _records.AsMemory(0, _length).ToArray())
                ?? throw new InvalidOperationException("Shards that were checked one by one do not fit each other.");
        }

        private bool TryWrite(int kind, ShardInfo shard)
        {
            var template = _templates[kind];
            if (!TryMakeRoom(template.RecordLength) || !template.TryWrite(shard, _records.AsSpan(_length)))
            {
                return false;
            }

            _length += template.RecordLength;
            _kinds.Add((ushort)kind);
            return true;
        }

        private bool TryMakeRoom(int recordLength)
        {
            if (_length > Array.MaxLength - recordLength)
            {
                return false;
            }

            if (_records.Length - _length < recordLength)
            {
                Array.Resize(ref _records, (int)Math.Min(Array.MaxLength, Math.Max(2L * _records.Length, _length + recordLength)));
            }

            return true;
        }
    }
}
