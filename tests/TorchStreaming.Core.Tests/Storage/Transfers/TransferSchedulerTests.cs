// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Time.Testing;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class TransferSchedulerTests
{
    private readonly TransferScheduler _scheduler = new(new FakeTimeProvider());

    [Fact]
    public async Task Enter_FullWindow_WaitsForAPlace()
    {
        var permits = await FillAsync();

        var next = _scheduler.EnterAsync(TransferUrgency.File, 9, ObjectDownloader.PartSize, CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        permits[0].Dispose();

        (await next).Dispose();
    }

    [Fact]
    public async Task Enter_SeveralWait_TheMostUrgentGoesFirst()
    {
        var permits = await FillAsync();
        var later = Enter(TransferUrgency.File, 2);
        var sooner = Enter(TransferUrgency.File, 1);
        var sample = Enter(TransferUrgency.Samples, 7);

        permits[0].Dispose();
        await sample;
        Assert.False(sooner.IsCompleted);
        permits[1].Dispose();
        await sooner;
        Assert.False(later.IsCompleted);
        permits[2].Dispose();
        await later;
    }

    [Fact]
    public async Task Enter_Cancelled_GivesThePlaceToTheNext()
    {
        var permits = await FillAsync();
        using var cancellation = new CancellationTokenSource();
        var canceled = _scheduler.EnterAsync(TransferUrgency.File, 0, ObjectDownloader.PartSize, cancellation.Token).AsTask();
        var next = Enter(TransferUrgency.File, 1);

        await cancellation.CancelAsync();
        permits[0].Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        await next;
    }

    [Fact]
    public async Task Enter_SmallRequests_AreBoundedByTheirNumber()
    {
        for (var i = 0; i < TransferScheduler.MostRequests; i++)
        {
            await Enter(TransferUrgency.Samples, 0, bytes: 1);
        }

        Assert.False(Enter(TransferUrgency.Samples, 0, bytes: 1).IsCompleted);
    }

    [Fact]
    public async Task Enter_WindowThatBacksOff_LetsFewerGo()
    {
        var permits = await FillAsync();
        _scheduler.ObserveFailure(new StorageException(StorageErrorKind.Throttled, "x", "too many"));
        var next = Enter(TransferUrgency.File, 1);
        for (var i = 0; i < permits.Count / 2; i++)
        {
            permits[i].Dispose();
            Assert.False(next.IsCompleted);
        }

        permits[permits.Count / 2].Dispose();
        await next;
    }

    [Fact]
    public void Get_OneStore_IsOneBudgetForAllItsFolders()
    {
        var time = new FakeTimeProvider();

        Assert.Same(SharedTransfers.Get("https://host/a", time), SharedTransfers.Get("https://HOST/b/c", time));
        Assert.NotSame(SharedTransfers.Get("https://host/a", time), SharedTransfers.Get("https://other/a", time));
        Assert.NotSame(SharedTransfers.Get("https://host/a", time), SharedTransfers.Get("https://host/a", new FakeTimeProvider()));
    }

    private Task<TransferPermit> Enter(TransferUrgency urgency, long order, long bytes = ObjectDownloader.PartSize) =>
        _scheduler.EnterAsync(urgency, order, bytes, CancellationToken.None).AsTask();

    private async Task<List<TransferPermit>> FillAsync()
    {
        var permits = new List<TransferPermit>();
        for (var i = 0; i < TransferWindow.First / ObjectDownloader.PartSize; i++)
        {
            permits.Add(await Enter(TransferUrgency.File, 0));
        }

        return permits;
    }
}
