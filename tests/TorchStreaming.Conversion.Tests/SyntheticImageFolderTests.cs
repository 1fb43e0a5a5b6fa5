// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class SyntheticImageFolderTests : IDisposable
{
    private static readonly SyntheticImageFolderOptions Small =
        new() { Images = 12, Classes = 3, MinimumSize = 16, MaximumSize = 24, RawPixels = true };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task CreateAsync_AnyNumberOfWorkers_MakesTheSameFiles()
    {
        await SyntheticImageFolder.CreateAsync(_directory.Combine("one"), Small with { Workers = 1 });
        await SyntheticImageFolder.CreateAsync(_directory.Combine("four"), Small with { Workers = 4 });

        Assert.Equal(DirectoryContents.Digest(_directory.Combine("one")), DirectoryContents.Digest(_directory.Combine("four")));
    }

    [Fact]
    public async Task CreateAsync_AnotherSeed_MakesOtherFiles()
    {
        await SyntheticImageFolder.CreateAsync(_directory.Combine("0"), Small);
        await SyntheticImageFolder.CreateAsync(_directory.Combine("1"), Small with { Seed = 1 });

        Assert.Empty(
            DirectoryContents.Digest(_directory.Combine("0")).Values.Intersect(DirectoryContents.Digest(_directory.Combine("1")).Values));
    }

    [Fact]
    public async Task CreateAsync_Defaults_HaveOneFolderPerClassAndBalancedClasses()
    {
        var made = await SyntheticImageFolder.CreateAsync(_directory.Path, Small);

        Assert.Equal<string>(["circle", "square", "triangle"], made.Classes);
        Assert.Equal<string?>(made.Classes, Directory.GetDirectories(_directory.Path).Select(Path.GetFileName).Order());
        Assert.All(made.Classes, name => Assert.Equal(4, Directory.GetFiles(_directory.Combine(name), "*.pil").Length));
        Assert.Equal(12, made.Images);
        Assert.Equal(
            Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length), made.Bytes);
    }

    [Fact]
    public async Task CreateAsync_WithValidationImages_HasTheLayoutOfImageNet()
    {
        var made = await SyntheticImageFolder.CreateAsync(_directory.Path, Small with { ValidationImages = 3 });

        Assert.Equal(15, made.Images);
        Assert.Equal(["train", "val"], Directory.GetDirectories(_directory.Path).Select(Path.GetFileName).Order());
        Assert.Equal(3, Directory.GetFiles(_directory.Combine("val"), "*", SearchOption.AllDirectories).Length);
        var digests = DirectoryContents.Digest(_directory.Path);
        Assert.NotEqual(digests["train/circle/00000.pil"], digests["val/circle/00000.pil"]);
    }

    [TurboJpegFact]
    public async Task CreateAsync_WithAnEncoder_MakesJpegFilesOfTheSizesAskedFor()
    {
        await SyntheticImageFolder.CreateAsync(_directory.Path, Small with { RawPixels = false });

        using var decoder = ImageDecoders.Default.CreateDecoder();
        foreach (var path in Directory.GetFiles(_directory.Path, "*.jpg", SearchOption.AllDirectories))
        {
            Assert.True(decoder.TryReadInfo(File.ReadAllBytes(path), out var info), path);
            Assert.InRange(info.Width, 16, 24);
            Assert.InRange(info.Height, 16, 24);
        }
    }

    [Fact]
    public async Task CreateAsync_FolderWithContent_IsRefusedUnlessOverwritten()
    {
        File.WriteAllText(_directory.Combine("mine.txt"), "keep");
        var refused = await Assert.ThrowsAsync<StorageException>(() => SyntheticImageFolder.CreateAsync(_directory.Path, Small));
        Assert.Equal(StorageErrorKind.PreconditionFailed, refused.Kind);

        Directory.CreateDirectory(_directory.Combine("circle"));
        File.WriteAllText(_directory.Combine("circle", "old.pil"), "");
        await SyntheticImageFolder.CreateAsync(_directory.Path, Small with { Overwrite = true });

        Assert.True(File.Exists(_directory.Combine("mine.txt")));
        Assert.False(File.Exists(_directory.Combine("circle", "old.pil")));
    }

    [Fact]
    public async Task CreateAsync_FolderIsAFile_SaysSo()
    {
        File.WriteAllText(_directory.Combine("file"), "");

        var refused = await Assert.ThrowsAsync<StorageException>(() => SyntheticImageFolder.CreateAsync(_directory.Combine("file"), Small));

        Assert.Equal(StorageErrorKind.PreconditionFailed, refused.Kind);
        Assert.Contains("is a file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => SyntheticImageFolder.CreateAsync(_directory.Path, Small, cancellationToken: source.Token));
    }

    [Fact]
    public async Task CreateAsync_MinimumAboveMaximum_IsRefused() => await Assert.ThrowsAsync<ArgumentException>(
        () => SyntheticImageFolder.CreateAsync(_directory.Path, Small with { MinimumSize = 30 }));

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { Images = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { Classes = 17 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { Classes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { MinimumSize = 7 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { MaximumSize = 100_000 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { ClassColor = float.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { Quality = 101 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { Workers = 0 });
    }
}
