// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class ObjectDownloaderTests : IAsyncLifetime
{
    private const int Part = ObjectDownloader.PartSize;
    private const int Size = (3 * Part) + 3_012_345;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly byte[] Content = CreateContent();

    private readonly PassingTimeProvider _time = new();
    private readonly TransferCounters _counters = new();
    private ScriptedHttpServer _server = null!;
    private TransferScheduler _scheduler = null!;

    public async Task InitializeAsync()
    {
        _scheduler = new TransferScheduler(_time);
        _server = await ScriptedHttpServer.StartAsync();
        _server.Put("object", Content);
        _server.Put("other", Content);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Download_LargeObject_ComesInAlignedPartsOfOneVersion()
    {
        var target = new MemoryTarget(Size);

        await Create().DownloadAsync("object", Size, target, CancellationToken.None);

        target.AssertContent(Content);
        Assert.Equal(
            [$"bytes=0-{Part - 1}", $"bytes={Part}-{(2 * Part) - 1}", $"bytes={2 * Part}-{(3 * Part) - 1}", $"bytes={3 * Part}-{Size - 1}"],
            _server.Requests.Select(static request => request.Range).Order(new RangeOrder()));
        Assert.Equal([null, "\"v1\""], _server.Requests.Select(static request => request.IfMatch).Distinct());
        Assert.Equal(4, _counters.Requests);
        Assert.Equal(0, _scheduler.RequestsUnderWay);
    }

    [Fact]
    public async Task Download_KnownStore_AsksForAllPartsAtOnce()
    {
        var downloader = Create();
        await downloader.DownloadAsync("other", Size, new MemoryTarget(Size), CancellationToken.None);
        var all = new TaskCompletionSource();
        var waiting = 0;
        _server.BeforeAnswer = _ =>
        {
            if (Interlocked.Increment(ref waiting) == 4)
            {
                all.SetResult();
            }

            return all.Task;
        };
        var target = new MemoryTarget(Size);

        await downloader.DownloadAsync("object", Size, target, CancellationToken.None).WaitAsync(Patience);

        target.AssertContent(Content);
    }

    [Fact]
    public async Task Download_SmallObject_IsOneRequestWithoutRange()
    {
        var content = Content.AsSpan(0, Part).ToArray();
        _server.Put("small", content);
        var target = new MemoryTarget(Part);

        await Create().DownloadAsync("small", Part, target, CancellationToken.None);

        target.AssertContent(content);
        Assert.Null(Assert.Single(_server.Requests).Range);
    }

    [Fact]
    public async Task Download_UnknownSize_IsOneRequestToTheEnd()
    {
        var target = new MemoryTarget(Size);

        await Create().DownloadAsync("object", -1, target, CancellationToken.None);

        target.AssertContent(Content);
        Assert.Null(Assert.Single(_server.Requests).Range);
    }

    [Fact]
    public async Task Download_StoreWithoutRanges_IsOneRequestAndRemembered()
    {
        _server.HonorsRanges = false;
        var downloader = Create();
        foreach (var key in (string[])["object", "other"])
        {
            var target = new MemoryTarget(Size);
            await downloader.DownloadAsync(key, Size, target, CancellationToken.None);
            target.AssertContent(Content);
        }

        Assert.Equal([$"bytes=0-{Part - 1}", null, null], _server.Requests.Select(static request => request.Range));
        Assert.False(await downloader.TryReadAsync(
            "object", 5, 10, new ObjectVersion("object"), new MemoryTarget(Size), CancellationToken.None));
    }

    [Fact]
    public async Task Download_BrokenParts_GoOnBehindTheirLastBytes()
    {
        _time.PassAtOnce = TimeSpan.FromSeconds(45);
        _server.Script("object", new HttpFault.None(), new HttpFault.BreakAfter(1_000_000), new HttpFault.BreakAfter(2_000_000));
        var target = new MemoryTarget(Size);

        await Create(attempts: 3).DownloadAsync("object", Size, target, CancellationToken.None);

        target.AssertContent(Content);
        Assert.Equal(6, _server.Requests.Count);

        // The second fault meets whichever request comes next, which may be the one that continues after the first.
        long[] resumed =
        [
            .. _server.Requests.Select(static request => long.Parse(request.Range!.Split('=', '-')[1]) % Part).Where(static start => start > 0).Order(),
        ];
        Assert.True(resumed is [1_000_000, 2_000_000] or [1_000_000, 3_000_000], string.Join(' ', resumed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Download_ObjectThatChanges_IsPreconditionFailed(bool honorsIfMatch)
    {
        _server.HonorsIfMatch = honorsIfMatch;
        _server.BeforeAnswer = request =>
        {
            if (request.Range!.StartsWith($"bytes={Part}-", StringComparison.Ordinal))
            {
                _server.Put("object", Content);
            }

            return Task.CompletedTask;
        };

        var error = await Assert.ThrowsAsync<StorageException>(
            () => Create().DownloadAsync("object", Size, new MemoryTarget(Size), CancellationToken.None));

        Assert.Equal(StorageErrorKind.PreconditionFailed, error.Kind);
        Assert.Equal(0, _scheduler.RequestsUnderWay);
    }

    [Fact]
    public async Task Download_Cancelled_EndsAllPartsBeforeItReturns()
    {
        _server.BeforeAnswer = request => request.Range!.StartsWith("bytes=0-", StringComparison.Ordinal)
            ? Task.CompletedTask
            : Task.Delay(Timeout.Infinite, _stopped.Token);
        var downloader = Create(attempts: 1);
        using var cancellation = new CancellationTokenSource();
        var download = downloader.DownloadAsync("object", Size, new MemoryTarget(Size), cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download.WaitAsync(Patience));
        Assert.Equal(0, _scheduler.RequestsUnderWay);
        await _stopped.CancelAsync();
    }

    [Fact]
    public async Task Download_Straggler_IsAskedForASecondTimeAndTheFirstAnswerWins()
    {
        for (var i = 0; i < 40; i++)
        {
            using var request = _scheduler.Parts.Start();
            request.SetDone();
        }

        var stalled = new TaskCompletionSource();
        _server.BeforeAnswer = request =>
        {
            if (request.Range!.StartsWith($"bytes={2 * Part}-", StringComparison.Ordinal))
            {
                _server.BeforeAnswer = null;
                stalled.SetResult();
                return Task.Delay(Timeout.Infinite, _stopped.Token);
            }

            return Task.CompletedTask;
        };
        var target = new MemoryTarget(Size);
        var download = Create().DownloadAsync("object", Size, target, CancellationToken.None);
        await stalled.Task.WaitAsync(Patience);

        _time.Advance(TimeSpan.FromSeconds(1));
        await download.WaitAsync(Patience);

        target.AssertContent(Content);

        // Others may have been under way as well when the clock continued.
        Assert.InRange(_counters.Hedges, 1, 3);
        await _stopped.CancelAsync();
    }

    [Fact]
    public async Task TryRead_Range_GivesTheseBytes()
    {
        var target = new MemoryTarget(Size);

        Assert.True(await Create().TryReadAsync("object", 1000, 50, new ObjectVersion("object"), target, CancellationToken.None));

        Assert.Equal(Content[1000..1050], target.Bytes[1000..1050]);
        Assert.Equal("bytes=1000-1049", Assert.Single(_server.Requests).Range);
        Assert.Equal((1, 50), (_counters.SampleReads, _counters.SampleBytes));
    }

    private readonly CancellationTokenSource _stopped = new();

    private ObjectDownloader Create(int attempts = 2) => new(
        new RetryingObjectStore(
            new HttpObjectStore(_server.Address),
            new RetryPolicy { Attempts = attempts, StallTimeout = TimeSpan.FromDays(1) },
            _time),
        _scheduler,
        _counters,
        NullLogger.Instance);

    private static byte[] CreateContent()
    {
        var content = new byte[Size];
        new Random(5).NextBytes(content);
        return content;
    }

    /// <summary>Takes bytes and counts how often each has come.</summary>
    private sealed class MemoryTarget(int size) : IDownloadTarget
    {
        private readonly byte[] _counts = new byte[size];

        public byte[] Bytes { get; } = new byte[size];

        public void Begin(ObjectInfo info)
        {
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(Bytes.AsSpan((int)offset));
            for (var i = 0; i < bytes.Length; i++)
            {
                _counts[(int)offset + i]++;
            }
        }

        public void AssertContent(ReadOnlySpan<byte> expected)
        {
            Assert.True(expected.SequenceEqual(Bytes), "other bytes");
            Assert.True(!_counts.AsSpan().ContainsAnyExcept((byte)1), "bytes written twice, or not at all");
        }
    }

    private sealed class RangeOrder : IComparer<string?>
    {
        public int Compare(string? x, string? y) => Start(x).CompareTo(Start(y));

        private static long Start(string? range) => long.Parse(range!.Split('=', '-')[1]);
    }
}
