// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards;

/// <summary>Damaged shards and indexes give a sample or a typed error, whatever the damage.</summary>
public sealed class HostileShardTests : IDisposable
{
    private const int Rounds = 100;

    private static readonly string[] Datasets =
    [
        "mds-scalars", "mds-strings", "mds-json", "mds-ndarray-dynamic", "mds-ndarray-dtype", "mds-images-lists", "mds-images-lossless",
        "mds-images-jpeg", "mds-raw-bytes", "jsonl/default", "csv/default", "xsv/multi-char",
    ];

    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    [Trait("Category", GoldenData.Category)]
    public void ReadValue_OfMutatedShards_GivesAValueOrATypedError()
    {
        foreach (var dataset in GoldenDataset.All().Where(static dataset => Datasets.Contains(dataset.Name)))
        {
            var shard = dataset.ReadIndex().Shards[0];
            var originals = shard.Files.Select(file => File.ReadAllBytes(Path.Combine(dataset.DataFolder, file.Raw.Basename))).ToArray();
            for (var seed = 0; seed < Rounds; seed++)
            {
                var random = new Random(seed);
                var files = originals.Select(static file => file.ToArray()).ToArray();
                Mutate(files[random.Next(files.Length)], random, shard.SampleCount);
                AssertTyped($"{dataset.Name} seed {seed}", () => ReadEverything(shard, files));
            }
        }
    }

    [Fact]
    [Trait("Category", GoldenData.Category)]
    public void Parse_OfMutatedIndexes_GivesAnIndexOrATypedError()
    {
        foreach (var dataset in GoldenDataset.All())
        {
            var original = File.ReadAllBytes(Path.Combine(dataset.DataFolder, "index.json"));
            for (var seed = 0; seed < 60; seed++)
            {
                var random = new Random(seed);
                var index = original.ToArray();
                for (var i = random.Next(1, 5); i > 0; i--)
                {
                    var digits = "0123456789-\"{}[],:en\\\0\xFF"u8;
                    index[random.Next(index.Length)] = digits[random.Next(digits.Length)];
                }

                AssertTyped($"{dataset.Name} seed {seed}", () => DatasetIndex.Parse(index, "index.json"));
            }
        }
    }

    [Theory]
    [InlineData(0, 3u)]
    [InlineData(0, 0xFFFFFFFFu)]
    [InlineData(4, 0u)]
    [InlineData(4, 0xFFFFFFFFu)]
    [InlineData(12, 0xFFFFFFFFu)]
    public async Task Open_DamagedHead_ThrowsWithThePlace(int offset, uint value)
    {
        var (info, path) = await WriteShard();
        Patch(path, offset, value);

        var exception = Assert.Throws<ShardFormatException>(() => ShardReaders.Open(info, [path]));

        Assert.Equal(path, exception.Location.File);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1_000_000u)]
    [InlineData(0xFFFFFFFFu)]
    public async Task GetSample_DamagedOffset_ThrowsWithSampleAndPlace(uint value)
    {
        var (info, path) = await WriteShard();
        Patch(path, 8, value);
        using var reader = ShardReaders.Open(info, [path]);

        var exception = Assert.Throws<ShardFormatException>(() => { reader.GetSample(0, new FieldRange[2]); });

        Assert.Equal(path, exception.Location.File);
        Assert.Equal(0, exception.Location.Sample);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(5u)]
    [InlineData(0xFFFFFFFFu)]
    public async Task GetSample_LyingFieldSize_Throws(uint value)
    {
        var (info, path) = await WriteShard();
        var sampleStart = (int)BinaryPrimitives.ReadUInt32LittleEndian(File.ReadAllBytes(path).AsSpan(4));
        Patch(path, sampleStart, value);
        using var reader = ShardReaders.Open(info, [path]);

        var exception = Assert.Throws<ShardFormatException>(() => { reader.GetSample(0, new FieldRange[2]); });

        Assert.Equal(0, exception.Location.Sample);
    }

    [Fact]
    public async Task Open_FileOfAnotherSize_ThrowsIntegrity()
    {
        var (info, path) = await WriteShard();
        await File.AppendAllTextAsync(path, "x");

        Assert.Equal("size", Assert.Throws<ShardIntegrityException>(() => ShardReaders.Open(info, [path])).Check);
    }

    [Fact]
    public async Task Open_MissingFile_ThrowsNotFound()
    {
        var (info, path) = await WriteShard();
        File.Delete(path);

        Assert.Equal(StorageErrorKind.NotFound, Assert.Throws<StorageException>(() => ShardReaders.Open(info, [path])).Kind);
    }

    [Fact]
    public async Task ReadValue_OfABadText_NamesSampleAndColumn()
    {
        var (info, path) = await WriteShard();
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^2] = 0xFF;
        await File.WriteAllBytesAsync(path, bytes);
        using var reader = ShardReaders.Open(info, [path]);

        var exception = Assert.Throws<ShardFormatException>(() => reader.ReadValue(1, 1));

        Assert.Equal((1, "text"), (exception.Location.Sample, exception.Location.Column));
    }

    private static void Mutate(byte[] file, Random random, int samples)
    {
        var table = 4 * (samples + 2);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(3) == 0 ? random.Next(Math.Min(table, file.Length)) : random.Next(file.Length);
            if (random.Next(2) == 0)
            {
                file[at] = (byte)random.Next(256);
            }
            else
            {
                ReadOnlySpan<uint> words = [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, (uint)file.Length, (uint)file.Length + 1];
                at = Math.Max(0, Math.Min(at & ~3, file.Length - 4));
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), words[random.Next(words.Length)]);
            }
        }
    }

    private void ReadEverything(ShardInfo shard, byte[][] files)
    {
        var paths = files.Select((_, i) => _scratch.Combine($"file{i}")).ToArray();
        for (var i = 0; i < files.Length; i++)
        {
            File.WriteAllBytes(paths[i], files[i]);
        }

        using var reader = ShardReaders.Open(shard, paths);
        for (var sample = 0; sample < reader.SampleCount; sample++)
        {
            for (var column = 0; column < reader.Schema.Columns.Length; column++)
            {
                var (s, c) = (sample, column);
                AssertTyped("value", () => reader.ReadValue(s, c));
            }
        }
    }

    private static void AssertTyped(string place, Action action)
    {
        var exception = Record.Exception(action);
        Assert.True(exception is null or ShardFormatException, $"{place}: {exception}");
    }

    private static void Patch(string path, int offset, uint value)
    {
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
        File.WriteAllBytes(path, bytes);
    }

    private async Task<(ShardInfo Info, string Path)> WriteShard()
    {
        await using var writer = await MdsWriter.CreateAsync(
            _scratch.Combine("out"), new Dictionary<string, string> { ["number"] = "int", ["text"] = "str" });
        for (var i = 0; i < 2; i++)
        {
            await writer.WriteAsync(new Dictionary<string, object?> { ["number"] = i, ["text"] = "some text" });
        }

        var index = await writer.CompleteAsync();
        return (index.Shards[0], _scratch.Combine("out", "shard.00000.mds"));
    }
}
