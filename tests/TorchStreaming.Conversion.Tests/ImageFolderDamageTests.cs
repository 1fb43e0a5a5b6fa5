// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

/// <summary>Files that cannot be stored: damaged, of another format, unreadable.</summary>
public sealed class ImageFolderDamageTests : IDisposable
{
    /// <summary>A gray image of 8x8 pixels as its markers tell; there is nothing to decode in it.</summary>
    private static readonly byte[] Jpeg =
    [
        0xFF, 0xD8,
        0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3,
        0xFF, 0xD9,
    ];

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];

    private static readonly ImageFolderConverterOptions Options = new() { Hashes = [], Workers = 2 };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, byte[], string> Damaged => new()
    {
        { "empty", [], "empty" },
        { "png", Png, "a PNG image" },
        { "text", "hello"u8.ToArray(), "no image of a known format" },
        { "cut", Jpeg[..^2], "ends too early" },
        { "cut in a segment", Jpeg[..8], "ends too early" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public async Task ConvertAsync_PolicyFail_NamesTheFileAndLeavesNoIndex(string name, byte[] content, string problem)
    {
        _ = name;
        var source = Make(("a/1.jpg", Jpeg), ("a/2.jpg", content), ("b/3.jpg", Jpeg));

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => ImageFolderConverter.ConvertAsync(source, Output, Options));

        Assert.Equal(_directory.Combine("source", "a", "2.jpg"), failure.Location.File);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["conversion.journal"], Directory.GetFiles(Output).Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public async Task ConvertAsync_PolicySkip_CountsAndNamesTheFile(string name, byte[] content, string problem)
    {
        _ = name;
        var source = Make(("a/1.jpg", Jpeg), ("a/2.jpg", content), ("b/3.jpg", Jpeg));

        var made = await ImageFolderConverter.ConvertAsync(source, Output, Options with { OnError = SampleErrorPolicy.Skip });

        Assert.Equal(2, made.Index.SampleCount);
        var skipped = Assert.Single(made.Skipped);
        Assert.Equal("a/2.jpg", skipped.File);
        Assert.Contains(problem, skipped.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConvertAsync_EveryFileSkipped_IsAnError()
    {
        var source = Make(("a/1.jpg", Png), ("a/2.jpg", Png));

        var failure = await Assert.ThrowsAsync<StorageException>(
            () => ImageFolderConverter.ConvertAsync(source, Output, Options with { OnError = SampleErrorPolicy.Skip }));

        Assert.Contains("None of the 2 items", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Output, "index.json")));
    }

    [Fact]
    public async Task ConvertAsync_SkippedBeforeAndAfterAStop_AreAllInTheResult()
    {
        var files = Enumerable.Range(0, 30).Select(i => ($"a/{i:D2}.jpg", i % 5 == 0 ? Png : Jpeg)).ToArray();
        var options = Options with { OnError = SampleErrorPolicy.Skip, SizeLimit = 600, Shuffle = false };
        var source = Make(files);
        var whole = await ImageFolderConverter.ConvertAsync(source, _directory.Combine("whole"), options);

        // A file that vanishes is no damaged image: the conversion stops whatever the policy.
        File.Move(_directory.Combine("source", "a", "22.jpg"), _directory.Combine("22.jpg"));
        await Assert.ThrowsAsync<StorageException>(() => ImageFolderConverter.ConvertAsync(source, Output, options));
        File.Move(_directory.Combine("22.jpg"), _directory.Combine("source", "a", "22.jpg"));
        var made = await ImageFolderConverter.ConvertAsync(source, Output, options);

        Assert.True(made.Resumed > 5);
        Assert.Equal<DatasetProblem>(whole.Skipped, made.Skipped);
        Assert.Equal(6, made.Skipped.Length);
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("whole")), DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_FileChangedSinceTheListing_IsAnError()
    {
        var source = Make(("a/1.jpg", Jpeg));
        File.AppendAllText(_directory.Combine("source", "a", "1.jpg"), "more");

        var failure = await Assert.ThrowsAsync<StorageException>(() => ImageFolderConverter.ConvertAsync(source, Output, Options));

        Assert.Contains("has changed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConvertAsync_JpegAmongRawPixels_IsRefused()
    {
        await SyntheticImageFolder.CreateAsync(
            _directory.Combine("source"), new() { Images = 3, Classes = 1, MinimumSize = 8, MaximumSize = 8, RawPixels = true });
        File.WriteAllBytes(_directory.Combine("source", "circle", "zzz.jpg"), Jpeg);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(
            () => ImageFolderConverter.ConvertAsync(ImageFolder.Scan(_directory.Combine("source")), Output, Options));

        Assert.Contains("a JPEG image, where only raw pixels are stored", failure.Message, StringComparison.Ordinal);
    }

    private string Output => _directory.Combine("out");

    private ImageFolder Make(params ReadOnlySpan<(string Path, byte[] Content)> files)
    {
        foreach (var (path, content) in files)
        {
            var full = Path.Combine([_directory.Combine("source"), .. path.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, content);
        }

        return ImageFolder.Scan(_directory.Combine("source"));
    }
}
