// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

/// <summary>A conversion that stopped and is continued. It is stopped by a damaged file, which is then repaired: the place is the same every
/// time.</summary>
public sealed class ImageFolderResumeTests : IAsyncLifetime, IDisposable
{
    private const int Images = 40;

    private static readonly ImageFolderConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = ByteSize.KiB(3), Workers = 2 };

    private readonly TemporaryDirectory _directory = new();
    private SortedDictionary<string, string> _expected = [];
    private int[] _order = [];

    public async Task InitializeAsync()
    {
        await SyntheticImageFolder.CreateAsync(
            Source, new() { Images = Images, Classes = 3, MinimumSize = 9, MaximumSize = 16, RawPixels = true });
        await ConvertAsync(_directory.Combine("expected"));
        _expected = DirectoryContents.Digest(_directory.Combine("expected"));
        var plan = new ConversionPlan(new ImageFolderSource(ImageFolder.Scan(Source), Options), Options);
        _order = [.. Enumerable.Range(0, Images).Select(plan.ItemAt)];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(25)]
    [InlineData(Images - 1)]
    public async Task ConvertAsync_AfterAStopAnywhere_EndsWithTheSameBytes(int ordinal)
    {
        var stopped = await StopAtAsync(ordinal);
        Assert.False(File.Exists(_directory.Combine("out", "index.json")));

        var made = await ConvertAsync(Output);

        Assert.Equal(stopped, made.Resumed);
        Assert.InRange(made.Resumed, 0, ordinal);
        Assert.Equal(_expected, DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_SeveralStops_EndsWithTheSameBytes()
    {
        await StopAtAsync(9);
        await StopAtAsync(20);
        await StopAtAsync(33);

        var made = await ConvertAsync(Output);

        Assert.True(made.Resumed >= 20);
        Assert.Equal(_expected, DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_LastLineOfTheJournalCutOff_RepeatsThatShard()
    {
        var resumed = await StopAtAsync(30);
        var journal = _directory.Combine("out", "conversion.journal");
        using (var file = File.OpenWrite(journal))
        {
            file.SetLength(file.Length - 10);
        }

        var made = await ConvertAsync(Output);

        Assert.InRange(made.Resumed, 1, resumed - 1);
        Assert.Equal(_expected, DirectoryContents.Digest(Output));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public async Task ConvertAsync_JournalCutOffInItsFirstLine_BeginsAnew(int length)
    {
        await StopAtAsync(30);
        using (var file = File.OpenWrite(_directory.Combine("out", "conversion.journal")))
        {
            file.SetLength(length);
        }

        Assert.Equal(0, (await ConvertAsync(Output)).Resumed);
        Assert.Equal(_expected, DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_ShardOfTheJournalIsGone_RepeatsFromThere()
    {
        await StopAtAsync(30);
        File.Delete(_directory.Combine("out", "shard.00001.mds"));

        var made = await ConvertAsync(Output);

        Assert.InRange(made.Resumed, 1, 10);
        Assert.Equal(_expected, DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_FileInACompleteShardChanged_RepeatsFromThere()
    {
        await StopAtAsync(30);
        File.AppendAllText(PathOf(0), "x");

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => ConvertAsync(Output));

        Assert.Equal(PathOf(0), failure.Location.File);
    }

    [Fact]
    public async Task ConvertAsync_OtherOptionsOrOtherImages_AreRefusedUnlessOverwritten()
    {
        await StopAtAsync(30);
        var other = Options with { ShuffleSeed = 1 };

        var refused = await Assert.ThrowsAsync<StorageException>(() => ConvertAsync(Output, other));
        Assert.Contains("unfinished conversion", refused.Message, StringComparison.Ordinal);

        File.Copy(PathOf(0), Path.Combine(Source, "circle", "zzz.pil"));
        await Assert.ThrowsAsync<StorageException>(() => ConvertAsync(Output));

        File.Delete(Path.Combine(Source, "circle", "zzz.pil"));
        var made = await ConvertAsync(Output, Options with { Overwrite = true });
        Assert.Equal(0, made.Resumed);
        Assert.Equal(_expected, DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_OtherWorkersAndErrorPolicy_MayContinue()
    {
        await StopAtAsync(30);

        var made = await ConvertAsync(Output, Options with { Workers = 1, OnError = SampleErrorPolicy.Skip });

        Assert.True(made.Resumed > 0);
        Assert.Equal(_expected, DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_KilledBetweenIndexAndJournal_EndsWithTheSameBytes()
    {
        using (var converter = ImageFolderConverter.Open(ImageFolder.Scan(Source), Output, Options))
        {
            await converter.RunAsync();
        }

        Assert.True(File.Exists(_directory.Combine("out", "index.json")));

        Assert.Equal(Images, (await ConvertAsync(Output)).Resumed);
        Assert.Equal(_expected, DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_CancelledAtOnce_ContinuesFromTheBeginning()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ImageFolderConverter.ConvertAsync(ImageFolder.Scan(Source), Output, Options, cancellationToken: source.Token));

        await ConvertAsync(Output);

        Assert.Equal(_expected, DirectoryContents.Digest(Output));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private string PathOf(int ordinal) => Path.Combine(Source, ImageFolder.Scan(Source).Images[_order[ordinal]].Path);

    private Task<RawConversion> ConvertAsync(string output, ImageFolderConverterOptions? options = null) =>
        ImageFolderConverter.ConvertAsync(ImageFolder.Scan(Source), output, options ?? Options);

    /// <summary>Converts until a sample fails, and answers what a continuation would find.</summary>
    private async Task<long> StopAtAsync(int ordinal)
    {
        var path = PathOf(ordinal);
        var good = File.ReadAllBytes(path);
        File.WriteAllBytes(path, good[..^1]);
        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => ConvertAsync(Output));
        Assert.Equal(path, failure.Location.File);
        File.WriteAllBytes(path, good);
        using var converter = ImageFolderConverter.Open(ImageFolder.Scan(Source), Output, Options);
        return converter.Resumed;
    }
}
