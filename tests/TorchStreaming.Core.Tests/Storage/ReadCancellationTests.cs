// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Time.Testing;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class ReadCancellationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Begin_ManyTimes_AllocatesNothing(bool isTimed)
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var reads = isTimed ? new ReadCancellation(Limit, TimeProvider.System) : new ReadCancellation();
        void Read()
        {
            for (var i = 0; i < 64; i++)
            {
                reads.Begin(first.Token, second.Token);
                reads.End();
            }
        }

        Read();

        Assert.Equal(0, ThreadAllocations.LeastOf(Read));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Begin_EitherTokenCanceled_CancelsTheRead(bool isFirst)
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var reads = new ReadCancellation(Limit, _time);

        var token = reads.Begin(first.Token, second.Token);
        Assert.False(token.IsCancellationRequested);
        (isFirst ? first : second).Cancel();

        Assert.True(token.IsCancellationRequested);
        reads.End();
        Assert.True(reads.Begin(first.Token, second.Token).IsCancellationRequested);
    }

    [Fact]
    public void Begin_ReadThatTakesTooLong_IsCanceledAndTheNextIsNot()
    {
        var reads = new ReadCancellation(Limit, _time);

        var late = reads.Begin(CancellationToken.None, CancellationToken.None);
        _time.Advance(Limit);
        reads.End();
        var next = reads.Begin(CancellationToken.None, CancellationToken.None);

        Assert.True(late.IsCancellationRequested);
        Assert.False(next.IsCancellationRequested);
        _time.Advance(Limit);
        Assert.True(next.IsCancellationRequested);
    }

    [Fact]
    public void Begin_TimeBetweenReads_DoesNotCount()
    {
        var reads = new ReadCancellation(Limit, _time);
        for (var i = 0; i < 5; i++)
        {
            var token = reads.Begin(CancellationToken.None, CancellationToken.None);
            _time.Advance(Limit / 2);
            reads.End();
            Assert.False(token.IsCancellationRequested);
            _time.Advance(2 * Limit);
        }
    }

    [Fact]
    public void End_TokenCanceledAfterwards_CancelsNoOtherRead()
    {
        using var source = new CancellationTokenSource();
        var reads = new ReadCancellation(Limit, _time);
        reads.Begin(source.Token, CancellationToken.None);
        reads.End();

        var token = reads.Begin(CancellationToken.None, CancellationToken.None);
        source.Cancel();

        Assert.False(token.IsCancellationRequested);
    }
}
