// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming.Tests.Caching;

public sealed class CacheErrorsTests
{
    [Fact]
    public void FromFile_FullDisk_IsDiskFull()
    {
        var code = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;

        var error = Assert.IsType<StorageException>(CacheErrors.FromFile(new IOException("full", code), "/cache/shard"));

        Assert.Equal(StorageErrorKind.DiskFull, error.Kind);
        Assert.Contains("/cache/shard", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromFile_ReadOnly_IsCacheErrorWithTheRemedy()
    {
        var code = OperatingSystem.IsWindows() ? unchecked((int)0x80070013) : 30;
        foreach (var cause in (Exception[])[new UnauthorizedAccessException(), new IOException("read only", code)])
        {
            var error = Assert.IsType<CacheException>(CacheErrors.FromFile(cause, "/cache/shard"));

            Assert.Contains("read only", error.Message, StringComparison.Ordinal);
            Assert.Contains("Choose another local folder", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_FolderThatIsAFile_SaysSo()
    {
        using var data = await CachedDataset.CreateAsync(shards: 1);
        await File.WriteAllTextAsync(data.Directory, "x");

        var error = await Assert.ThrowsAsync<CacheException>(async () => await IndexFile.ReadAsync(data.Directory, data.Remote));

        Assert.Contains($"'{data.Directory}' is a file", error.Message, StringComparison.Ordinal);
    }
}
