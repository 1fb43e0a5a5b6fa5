// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class IndexRepairTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Repair_DamagedIndex_MakesItAnewAndKeepsTheOldOne()
    {
        await SmallDataset.WriteAsync(_directory.Combine("train"), 30);
        var path = _directory.Combine("train", "index.json");
        var whole = File.ReadAllBytes(path);
        File.WriteAllText(path, "{");

        var index = IndexRepair.Repair(_directory.Path, "train");

        Assert.Equal(30, index.SampleCount);
        Assert.Equal(whole, File.ReadAllBytes(path));
        Assert.Equal("{", File.ReadAllText(path + IndexRepair.BackupExtension));
    }

    [Fact]
    public void Repair_Url_IsRefused() =>
        Assert.Equal(
            StorageErrorKind.NotSupported,
            Assert.Throws<StorageException>(() => IndexRepair.Repair("https://host.example/data")).Kind);
}
