// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Reads the binary index as hostile input: every count is checked against the bytes that are there before it is used.</summary>
internal sealed class LegacyIndexParser
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _index;
    private readonly string _location;
    private readonly bool _isCompressed;
    private long _at;

    public LegacyIndexParser(ReadOnlyMemory<byte> index, string location, bool isCompressed)
    {
        _index = index;
        _location = location;
        _isCompressed = isCompressed;
    }

    public DatasetIndex Parse()
    {
        if (ReadUInt32() != LegacyIndex.Magic || ReadUInt32() != LegacyIndex.Version)
        {
            throw Fail("it is not an index of Composer's streaming format, version 1.");
        }

        long shardCount = ReadUInt32();
        var sampleCount = ReadInt64();
        var totalBytes = ReadInt64();
        var samples = Take(8 * shardCount, "sample counts");
        var bytes = Take(8 * shardCount, "shard sizes");
        var width = ReadUInt32();
        if (width is not (0 or 1 or 2 or 4 or 8) || sampleCount < 0)
        {
            throw Fail($"its {sampleCount} sample sizes of {width} bytes make no sense.");
        }

        var sizes = width == 0 ? Take(8, "sample sizes") : Take((Int128)width * sampleCount, "sample sizes");
        var schema = new ShardSchema(ShardFormats.Legacy, ReadFields());
        return new DatasetIndex(MakeShards(schema, samples, bytes, (int)width, sizes, sampleCount, totalBytes));
    }

    private ImmutableArray<ShardInfo> MakeShards(
        ShardSchema schema,
        ReadOnlyMemory<byte> samples,
        ReadOnlyMemory<byte> bytes,
        int width,
        ReadOnlyMemory<byte> sizes,
        long sampleCount,
        long totalBytes)
    {
        var uniform = width == 0 ? BinaryPrimitives.ReadInt64LittleEndian(sizes.Span) : 0;
        var shards = ImmutableArray.CreateBuilder<ShardInfo>(samples.Length / 8);
        Int128 sampleSum = 0;
        Int128 byteSum = 0;
        for (var i = 0; i < shards.Capacity; i++)
        {
            var count = BinaryPrimitives.ReadInt64LittleEndian(samples.Span[(8 * i)..]);
            var length = BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[(8 * i)..]);
            if (count is < 0 or > int.MaxValue || length < 0 || uniform < 0 || sampleSum + count > sampleCount)
            {
                throw Fail($"shard {i} has {count} samples in {length} bytes, which is impossible.");
            }

            shards.Add(MakeShard(schema, i, (int)count, length, width == 0
                ? LegacySampleSizes.OfEqual(uniform)
                : LegacySampleSizes.OfDifferent(sizes.Slice((int)(sampleSum * width), (int)count * width), width)));
            sampleSum += count;
            byteSum += length;
        }

        return sampleSum == sampleCount && byteSum == totalBytes
            ? shards.MoveToImmutable()
            : throw Fail($"its shards have {sampleSum} samples in {byteSum} bytes, but its head says {sampleCount} in {totalBytes}.");
    }

    private ShardInfo MakeShard(ShardSchema schema, int number, int samples, long bytes, LegacySampleSizes sizes)
    {
        var name = LegacyIndex.NameShard(number);
        var zip = _isCompressed
            ? new ShardFileInfo(name + ".gz", ShardFileInfo.UnknownSize, FileDigests.None) { Bound = LegacyCompression.BoundOf(bytes) }
            : null;
        return new ShardInfo
        {
            Schema = schema,
            SampleCount = samples,
            Files = [new ShardFile(new ShardFileInfo(name, bytes, FileDigests.None), zip)],
            Compression = _isCompressed ? "gz" : null,
            SampleSizes = sizes,
        };
    }

    private ImmutableArray<ShardColumn> ReadFields()
    {
        long count = ReadUInt32();
        var lengths = Take(4 * count, "field names");
        var fields = ImmutableArray.CreateBuilder<ShardColumn>((int)count);
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = ReadName(Take(BinaryPrimitives.ReadUInt32LittleEndian(lengths.Span[(4 * i)..]), "field names"));
            if (!known.Add(name))
            {
                throw Fail($"two of its fields are named '{name}'.");
            }

            fields.Add(new ShardColumn(name, "bytes", null));
        }

        return fields.MoveToImmutable();
    }

    private string ReadName(ReadOnlyMemory<byte> name)
    {
        try
        {
            return Strict.GetString(name.Span);
        }
        catch (DecoderFallbackException exception)
        {
            throw Fail($"a field's name is not UTF-8: {exception.Message}");
        }
    }

    private uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, "head").Span);

    private long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8, "head").Span);

    private ReadOnlyMemory<byte> Take(Int128 length, string what)
    {
        if (length > _index.Length - _at)
        {
            throw Fail($"it ends within its {what}.");
        }

        var part = _index.Slice((int)_at, (int)length);
        _at += part.Length;
        return part;
    }

    private ShardFormatException Fail(string problem) => new(new ShardLocation(_location, _at), problem);
}
