// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Scan_Classes_AreNumberedByCodePoint()
    {
        // In UTF-16 units the last two would change places.
        Add("b/2.jpg", "b/10.jpg", "B/1.jpg", "a b/1.jpg", "a/1.jpg", "\uE000/1.jpg", "\U0001F600/1.jpg");

        var folder = ImageFolder.Scan(_directory.Path);

        Assert.Equal<string>(["B", "a", "a b", "b", "\uE000", "\U0001F600"], folder.Classes);
        Assert.Equal(["B/1.jpg", "a/1.jpg", "a b/1.jpg", "b/10.jpg", "b/2.jpg", "\uE000/1.jpg", "\U0001F600/1.jpg"],
            folder.Images.Select(image => image.Path));
        Assert.Equal([0, 1, 2, 3, 3, 4, 5], folder.Images.Select(image => image.Label));
        Assert.All(folder.Images, image => Assert.Equal(1, image.Bytes));
    }

    [Fact]
    public void Scan_NestedHiddenAndStrayFiles_TakesTheNestedOnly()
    {
        Add("a/deep/er/1.jpg", "a/.DS_Store", ".git/config", "README.md");

        Assert.Equal("a/deep/er/1.jpg", Assert.Single(ImageFolder.Scan(_directory.Path).Images).Path);
    }

    [Fact]
    public void Scan_EmptyClassFolder_KeepsItsNumber()
    {
        Directory.CreateDirectory(_directory.Combine("a"));
        Add("b/1.jpg");

        var folder = ImageFolder.Scan(_directory.Path);

        Assert.Equal<string>(["a", "b"], folder.Classes);
        Assert.Equal(1, Assert.Single(folder.Images).Label);
    }

    [Fact]
    public void Scan_NothingToConvert_SaysWhatIsExpected()
    {
        Assert.Contains("no class folder",
            Assert.Throws<StorageException>(() => ImageFolder.Scan(_directory.Path)).Message, StringComparison.Ordinal);

        Directory.CreateDirectory(_directory.Combine("a"));
        Assert.Contains("no file in them",
            Assert.Throws<StorageException>(() => ImageFolder.Scan(_directory.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_MissingFolder_NamesIt()
    {
        var missing = Assert.Throws<StorageException>(() => ImageFolder.Scan(_directory.Combine("nowhere")));

        Assert.Equal(StorageErrorKind.NotFound, missing.Kind);
        Assert.Equal(_directory.Combine("nowhere"), missing.Location);
    }

    [Fact]
    public void ScanSplits_DifferentClasses_NamesTheClassThatIsMissing()
    {
        Add("train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg");

        var refused = Assert.Throws<StorageException>(() => ImageFolder.ScanSplits(_directory.Path, ["train", "val"]));
        Assert.Contains("'b'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(_directory.Combine("val"), refused.Location);

        Directory.CreateDirectory(_directory.Combine("val", "b"));
        Assert.Equal([2, 1], ImageFolder.ScanSplits(_directory.Path, ["train", "val"]).Select(folder => folder.Images.Length));
    }

    private void Add(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            var full = _directory.Combine(path.Split('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, "x");
        }
    }
}
