// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards;

/// <summary>Damaged shards give errors that name the place. Random damage is the business of <see cref="Fuzzing.FuzzTests"/>.</summary>
public sealed class HostileShardTests : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

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

    [Fact]
    public void ReadObject_OfAnImageWithoutAMode_Throws() =>
        Assert.Throws<InvalidDataException>(() => FieldEncodings.Get("pil").ReadObject(new byte[12]));

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
