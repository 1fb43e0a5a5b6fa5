// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class PartedUploadTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(95, 10)]
    public async Task Run_Content_ArrivesWholeWhetherItsLengthIsKnownOrNot(int size, int parts)
    {
        var bytes = Enumerable.Range(0, size).Select(static i => (byte)i).ToArray();
        foreach (var content in (Stream[])[new MemoryStream(bytes), new UnseekableStream(bytes)])
        {
            var upload = new Upload();

            await upload.RunAsync(content, default);

            Assert.Equal(bytes, upload.Published);
            Assert.Equal(parts, upload.Parts.Count);
            Assert.False(upload.IsAbandoned);
        }
    }

    [Fact]
    public async Task Run_ContentInTheMiddleOfItsStream_StartsThere()
    {
        var upload = new Upload();

        await upload.RunAsync(new MemoryStream([1, 2, 3, 4]) { Position = 2 }, default);

        Assert.Equal([3, 4], upload.Published);
    }

    [Fact]
    public async Task Run_KnownLengthNeedsMoreParts_GrowsThem()
    {
        var upload = new Upload(maximumParts: 4);

        await upload.RunAsync(new MemoryStream(new byte[79]), default);

        Assert.Equal(79, upload.Published!.Length);
        Assert.Equal(4, upload.Parts.Count);
    }

    [Fact]
    public async Task Run_UnknownLengthNeedsMoreParts_IsAbandoned()
    {
        var upload = new Upload(maximumParts: 4);

        var error = await Assert.ThrowsAsync<StorageException>(() => upload.RunAsync(new UnseekableStream(new byte[79]), default));

        Assert.Equal(StorageErrorKind.NotSupported, error.Kind);
        Assert.True(upload.IsAbandoned);
        Assert.Null(upload.Published);
    }

    [Fact]
    public async Task Run_ShortContentThatGrows_PublishesNothing()
    {
        var upload = new Upload();

        await Assert.ThrowsAsync<InvalidOperationException>(() => upload.RunAsync(new GrowingStream(), default));

        Assert.Null(upload.Published);
    }

    [Fact]
    public async Task Run_PartThatFails_EndsTheOthersAndIsAbandoned()
    {
        var upload = new Upload
        {
            BeforePart = static (number, cancellationToken) => number == 2
                ? throw new StorageException(StorageErrorKind.Unavailable, "x", "x")
                : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).WaitAsync(cancellationToken),
        };

        var error = await Assert.ThrowsAsync<StorageException>(() => upload.RunAsync(new UnseekableStream(new byte[15]), default));

        Assert.Equal(StorageErrorKind.Unavailable, error.Kind);
        Assert.True(upload.IsAbandoned);
        Assert.Equal(0, upload.Running);
    }

    [Fact]
    public async Task Run_ManyParts_NeverExceedsTheConcurrency()
    {
        var upload = new Upload { BeforePart = static async (_, _) => await Task.Yield() };

        await upload.RunAsync(new UnseekableStream(new byte[1000]), default);

        Assert.InRange(upload.MostRunning, 1, 3);
    }

    private sealed class Upload(int maximumParts = 1000) : PartedUpload<int>("test://object", 10, 40, maximumParts, concurrency: 3)
    {
        private int _running;
        private int _mostRunning;

        public ConcurrentDictionary<int, (long Offset, byte[] Content)> Parts { get; } = [];

        public Func<int, CancellationToken, Task> BeforePart { get; init; } = static (_, _) => Task.CompletedTask;

        public byte[]? Published { get; private set; }

        public bool IsAbandoned { get; private set; }

        public int Running => Volatile.Read(ref _running);

        public int MostRunning => Volatile.Read(ref _mostRunning);

        protected override Task SendWholeAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            Published = content.ToArray();
            return Task.CompletedTask;
        }

        protected override Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        protected override async Task<int> SendPartAsync(
            int number, long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            var running = Interlocked.Increment(ref _running);
            _mostRunning = Math.Max(_mostRunning, running);
            try
            {
                await BeforePart(number, cancellationToken);
                Assert.True(Parts.TryAdd(number, (offset, content.ToArray())));
                return number;
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        protected override Task CompleteAsync(IReadOnlyList<int> parts, long length, CancellationToken cancellationToken)
        {
            Assert.Equal(Enumerable.Range(1, Parts.Count), parts);
            Published = new byte[length];
            foreach (var (offset, content) in Parts.Values)
            {
                content.CopyTo(Published, offset);
            }

            return Task.CompletedTask;
        }

        protected override Task AbandonAsync(CancellationToken cancellationToken)
        {
            IsAbandoned = true;
            throw new InvalidOperationException("A failure of the clean-up stays hidden.");
        }
    }

    private sealed class GrowingStream : MemoryStream
    {
        public GrowingStream()
            : base(new byte[20])
        {
        }

        public override long Length => 5;
    }
}
