// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class RetryingObjectStoreTests : IAsyncLifetime
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(static i => (byte)(i * 31 >> 3))];
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    private readonly PassingTimeProvider _time = new() { PassAtOnce = TimeSpan.FromSeconds(45) };
    private readonly long _begin;
    private ScriptedHttpServer _server = null!;

    public RetryingObjectStoreTests() => _begin = _time.GetTimestamp();

    public async Task InitializeAsync()
    {
        _server = await ScriptedHttpServer.StartAsync();
        _server.Put("object", Content);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Read_FailuresThatPass_AreRidden()
    {
        _server.Script(
            "object", new HttpFault.Status(500), new HttpFault.Status(503), new HttpFault.BreakAfter(70_000), new HttpFault.Reset());
        await using var store = Retrying(attempts: 8);

        Assert.Equal(Content, await ReadAsync(store));
    }

    [Fact]
    public async Task Read_ConnectionThatBreaks_GoesOnBehindTheLastByte()
    {
        _server.Script("object", new HttpFault.BreakAfter(70_000), new HttpFault.BreakAfter(50_000));
        await using var store = Retrying(attempts: 3);

        Assert.Equal(Content, await ReadAsync(store));
        Assert.Equal([null, "bytes=70000-199999", "bytes=120000-199999"], _server.Requests.Select(static request => request.Range));
        Assert.Equal([null, "\"v1\"", "\"v1\""], _server.Requests.Select(static request => request.IfMatch));
    }

    [Fact]
    public async Task Read_RangeThatBreaks_GoesOnInsideTheRange()
    {
        _server.Script("object", new HttpFault.BreakAfter(1000));
        await using var store = Retrying(attempts: 2);

        Assert.Equal(Content[5000..8000], await ReadAsync(store, new ByteRange(5000, 3000)));
        Assert.Equal(["bytes=5000-7999", "bytes=6000-7999"], _server.Requests.Select(static request => request.Range));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_ServerWithoutRanges_SkipsWhatIsThere(bool sendsTags)
    {
        _server.HonorsRanges = false;
        _server.SendsTags = sendsTags;
        _server.Script("object", new HttpFault.BreakAfter(70_000));
        await using var store = Retrying(attempts: 2);

        Assert.Equal(Content, await ReadAsync(store));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Read_ObjectThatChangesMeanwhile_IsPreconditionFailed(bool honorsIfMatch, bool sendsTags)
    {
        _server.HonorsIfMatch = honorsIfMatch;
        _server.SendsTags = sendsTags;
        _server.Script("object", new HttpFault.BreakAfter(70_000));
        _server.BeforeAnswer = request =>
        {
            if (request.Range is not null)
            {
                _server.Put("object", [.. Content, 1]);
            }

            return Task.CompletedTask;
        };
        await using var store = Retrying(attempts: 5);

        var error = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(store));

        Assert.Equal(StorageErrorKind.PreconditionFailed, error.Kind);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(401)]
    public async Task Read_FailureThatCannotPass_IsNotRepeated(int status)
    {
        _server.Script("object", new HttpFault.Status(status));
        await using var store = Retrying(attempts: 5);

        await Assert.ThrowsAsync<StorageException>(() => ReadAsync(store));

        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Read_FailureThatStays_EndsAfterAllAttempts()
    {
        _server.Script("object", [.. Enumerable.Repeat(new HttpFault.Status(500), 9)]);
        await using var store = Retrying(attempts: 3);

        var error = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(store));

        Assert.Equal(3, _server.Requests.Count);
        Assert.Equal(StorageErrorKind.Unavailable, error.Kind);
        Assert.Contains("3 attempts", error.Message, StringComparison.Ordinal);
        Assert.IsType<StorageException>(error.InnerException);
    }

    [Fact]
    public async Task Read_RetryAfter_IsWaitedFor()
    {
        _server.Script("object", new HttpFault.Status(429, RetryAfterSeconds: 40));
        await using var store = Retrying(attempts: 2);
        var start = _time.GetTimestamp();

        await ReadAsync(store);

        Assert.Equal(TimeSpan.FromSeconds(40), _time.GetElapsedTime(start));
    }

    [Fact]
    public async Task Read_RetryAfterBeyondTheTotal_GivesUpAtOnce()
    {
        _server.Script("object", new HttpFault.Status(429, RetryAfterSeconds: 3600));
        await using var store = Retrying(attempts: 5);

        var error = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(store));

        Assert.Equal(StorageErrorKind.Throttled, error.Kind);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Read_BackOff_DoublesWithChanceAdded()
    {
        _server.Script("object", [.. Enumerable.Repeat(new HttpFault.Status(500), 4)]);
        await using var store = Retrying(attempts: 5);
        var start = _time.GetTimestamp();

        await ReadAsync(store);

        Assert.InRange(_time.GetElapsedTime(start).TotalSeconds, 1 + 2 + 4 + 8, 1 + 2 + 4 + 8 + (4 * 0.5));
    }

    [Fact]
    public async Task Read_ServerThatStalls_TimesOutAndGoesOn()
    {
        _server.Script("object", new HttpFault.StallAfter(70_000));
        var probed = new ProbedObjectStore(new HttpObjectStore(_server.Address));
        var isStalled = new TaskCompletionSource();
        probed.BeforeRead = (_, position, _) =>
        {
            if (position == 70_000 && probed.Opens == 1)
            {
                isStalled.SetResult();
            }

            return Task.CompletedTask;
        };
        await using var store = Retrying(probed, attempts: 2);

        var read = ReadAsync(store);
        await isStalled.Task;
        _time.Advance(Stall);

        Assert.Equal(Content, await read);
        Assert.Equal(2, probed.Opens);
    }

    [Fact]
    public async Task Read_StoreThatNeverAnswers_IsTimeout()
    {
        var isAsked = new TaskCompletionSource();
        var probed = new ProbedObjectStore(new InMemoryObjectStore())
        {
            BeforeOpen = async (_, _, cancellationToken) =>
            {
                isAsked.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
        };
        await using var store = Retrying(probed, attempts: 1);

        var read = ReadAsync(store);
        await isAsked.Task;
        _time.Advance(Stall);

        Assert.Equal(StorageErrorKind.Timeout, (await Assert.ThrowsAsync<StorageException>(() => read)).Kind);
    }

    [Fact]
    public async Task Read_CancelledWhileStalled_IsCancelledWithTheCallersToken()
    {
        using var source = new CancellationTokenSource();
        var isAsked = new TaskCompletionSource();
        var probed = new ProbedObjectStore(new InMemoryObjectStore())
        {
            BeforeOpen = async (_, _, cancellationToken) =>
            {
                isAsked.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
        };
        await using var store = Retrying(probed, attempts: 5);

        var read = store.OpenReadAsync("object", cancellationToken: source.Token).AsTask();
        await isAsked.Task;
        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read)).CancellationToken);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Read_BodyThatTrickles_IsTimeoutAfterAllAttempts(int attempts)
    {
        await using var store = Retrying(await TrickleAsync(Content), attempts);

        // No read comes near the stall bound, and every one brings something.
        var error = await Assert.ThrowsAsync<StorageException>(() => ReadInStepsAsync(store, 1000));

        Assert.Equal(StorageErrorKind.Timeout, error.Kind);
        Assert.InRange(_time.GetElapsedTime(_begin), 10 * attempts * Stall, (11 * attempts * Stall) + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Read_SlowBodyThatGetsOn_IsReadToItsEnd()
    {
        var content = new byte[3 * RetrySession.LeastBytes];
        await using var store = Retrying(await TrickleAsync(content), attempts: 1);

        Assert.Equal(content.Length, await ReadInStepsAsync(store, RetrySession.LeastBytes / 8));
        Assert.True(_time.GetElapsedTime(_begin) > RetrySession.SlowestStalls * Stall);
    }

    [Fact]
    public async Task Read_ReaderThatTakesItsTime_IsNotATrickle()
    {
        var inner = new InMemoryObjectStore();
        await inner.WriteAsync("object", new MemoryStream(Content));
        await using var store = Retrying(inner, attempts: 1);

        Assert.Equal(Content.Length, await ReadInStepsAsync(store, 10_000, () => _time.Advance(2 * Stall)));
    }

    [Fact]
    public async Task Read_TimeOutJustAsAReadEnds_LeavesTheNextReadAlone()
    {
        var probed = await ProbeLastReadsAsync(() => _time.Advance(Stall));
        await using var store = Retrying(probed, attempts: 1);

        Assert.Equal(Content.Length, await ReadInStepsAsync(store, 50_000));
        Assert.Equal(1, probed.Opens);
    }

    [Fact]
    public async Task Read_CanceledJustAsAReadEnds_LeavesTheNextReadAlone()
    {
        using var source = new CancellationTokenSource();
        var probed = await ProbeLastReadsAsync(() => source.Cancel());
        await using var store = Retrying(probed, attempts: 1);
        await using var content = await store.OpenReadAsync("object");
        var buffer = new byte[10_000];

        Assert.Equal(buffer.Length, await content.Stream.ReadAsync(buffer, source.Token));
        Assert.Equal(buffer.Length, await content.Stream.ReadAsync(buffer));
        Assert.Equal(1, probed.Opens);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_CanceledWhileABodyStalls_IsCanceledWithTheCallersToken(bool ofOpening)
    {
        using var opening = new CancellationTokenSource();
        using var reading = new CancellationTokenSource();
        var inner = new InMemoryObjectStore();
        inner.Write("object", Content);
        var isAsked = new TaskCompletionSource();
        var probed = new ProbedObjectStore(inner)
        {
            BeforeRead = async (_, position, cancellationToken) =>
            {
                if (position > 0)
                {
                    isAsked.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
            },
        };
        await using var store = Retrying(probed, attempts: 5);
        await using var content = await store.OpenReadAsync("object", cancellationToken: opening.Token);
        var buffer = new byte[10_000];
        await content.Stream.ReadExactlyAsync(buffer, reading.Token);

        var read = content.Stream.ReadAsync(buffer, reading.Token).AsTask();
        await isAsked.Task;
        var source = ofOpening ? opening : reading;
        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read)).CancellationToken);
        Assert.Equal(1, probed.Opens);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_CanceledDuringABackOff_IsCanceledWithTheCallersTokenAndCanGoOn(bool ofOpening)
    {
        using var opening = new CancellationTokenSource();
        using var reading = new CancellationTokenSource();
        var source = ofOpening ? opening : reading;
        var inner = new InMemoryObjectStore();
        inner.Write("object", Content);
        var probed = new ProbedObjectStore(inner);
        probed.BeforeRead = (_, position, _) =>
        {
            if (position == 0 || probed.Opens > 1)
            {
                return Task.CompletedTask;
            }

            source.Cancel();
            return Task.FromException(new StorageException(StorageErrorKind.Unavailable, "object", "broken"));
        };
        _time.PassAtOnce = TimeSpan.Zero;
        await using var store = Retrying(probed, attempts: 5);
        await using var content = await store.OpenReadAsync("object", cancellationToken: opening.Token);
        var buffer = new byte[10_000];
        await content.Stream.ReadExactlyAsync(buffer, reading.Token);

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await content.Stream.ReadExactlyAsync(buffer, reading.Token));

        Assert.Equal(source.Token, error.CancellationToken);
        if (!ofOpening)
        {
            Assert.Equal(buffer.Length, await content.Stream.ReadAsync(buffer));
            Assert.Equal(Content[10_000..20_000], buffer);
        }
    }

    private static async Task<long> ReadInStepsAsync(RetryingObjectStore store, int step, Action? between = null)
    {
        await using var content = await store.OpenReadAsync("object");
        var buffer = new byte[step];
        var total = 0L;
        while (await content.Stream.ReadAsync(buffer) is var read and > 0)
        {
            total += read;
            between?.Invoke();
        }

        return total;
    }

    // The bytes of a read are there when something happens that ends reads.
    private static async Task<ProbedObjectStore> ProbeLastReadsAsync(Action afterBytes)
    {
        var inner = new InMemoryObjectStore();
        await inner.WriteAsync("object", new MemoryStream(Content));
        return new ProbedObjectStore(inner) { AfterRead = (_, _) => afterBytes() };
    }

    // Every read takes 50 seconds.
    private async Task<ProbedObjectStore> TrickleAsync(byte[] content)
    {
        var inner = new InMemoryObjectStore();
        await inner.WriteAsync("object", new MemoryStream(content));
        return new ProbedObjectStore(inner)
        {
            BeforeRead = (_, _, _) =>
            {
                _time.Advance(TimeSpan.FromSeconds(50));
                return Task.CompletedTask;
            },
        };
    }

    private RetryingObjectStore Retrying(int attempts) => Retrying(new HttpObjectStore(_server.Address), attempts);

    private RetryingObjectStore Retrying(IObjectStore inner, int attempts) =>
        new(inner, new RetryPolicy { Attempts = attempts, StallTimeout = Stall }, _time);

    private static async Task<byte[]> ReadAsync(RetryingObjectStore store, ByteRange? range = null)
    {
        await using var content = await store.OpenReadAsync("object", range);
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
