// SPDX-License-Identifier: MIT

using System.Runtime.Versioning;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Faults;

/// <summary>Caches that a process may read and not write, such as one that an image brings along. The reader is a process of its own,
/// which rights bind also where tests run as root.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReadOnlyCacheTests : IAsyncLifetime, IDisposable
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryDirectory _directory = new();
    private SharedCacheData _data = null!;

    private string Local => _directory.Combine("local");

    public async Task InitializeAsync()
    {
        if (!RankProcess.CanStartUnprivileged)
        {
            return;
        }

        // Temporary folders are their owner's alone, and the reader may be somebody else.
        File.SetUnixFileMode(_directory.Path, ReadOnly | UnixFileMode.UserWrite);
        _data = await SharedCacheData.WriteAsync(_directory.Combine("remote"), 200, compression: null);
        using var filler = RankProcess.Start(_data.Remote, Local, 0, 1);
        await filler.CompleteAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        if (Directory.Exists(Local))
        {
            SetModes(ReadOnly | UnixFileMode.UserWrite);
        }

        _directory.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Epoch_WholeReadOnlyCache_IsRead(bool isLimited)
    {
        if (!RankProcess.CanStartUnprivileged)
        {
            return;
        }

        SetModes(ReadOnly);

        using var reader = RankProcess.StartUnprivileged(_data.Remote, Local, isLimited ? (4 * _data.LargestShard) + 20_000 : 0);

        var report = await reader.CompleteAsync();
        Assert.Equal(_data.Expect(0, 1, 1), report.Epochs);
        Assert.Equal(0, report.DownloadedBytes);
    }

    [Fact]
    public async Task Open_ReadOnlyCacheThatLacksAShard_SaysSoBeforeTheEpoch()
    {
        if (!RankProcess.CanStartUnprivileged)
        {
            return;
        }

        File.Delete(Path.Combine(Local, _data.Index.Shards[1].Files[0].Raw.Basename));
        SetModes(ReadOnly);

        using var reader = RankProcess.StartUnprivileged(_data.Remote, Local);

        var error = await reader.FailAsync();
        Assert.Contains(nameof(CacheException), error, StringComparison.Ordinal);
        Assert.Contains("read only for this user", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ReadOnlyFolderWithoutIndex_SaysSo()
    {
        if (!RankProcess.CanStartUnprivileged)
        {
            return;
        }

        File.Delete(Path.Combine(Local, DatasetIndex.FileName));
        SetModes(ReadOnly);

        using var reader = RankProcess.StartUnprivileged(_data.Remote, Local);

        Assert.Contains("read only for this user", await reader.FailAsync(), StringComparison.Ordinal);
    }

    private void SetModes(UnixFileMode mode)
    {
        foreach (var folder in Directory.GetDirectories(Local, "*", SearchOption.AllDirectories).Append(Local))
        {
            File.SetUnixFileMode(folder, mode);
        }
    }
}
