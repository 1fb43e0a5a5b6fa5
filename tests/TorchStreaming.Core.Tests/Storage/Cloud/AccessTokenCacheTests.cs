// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

public sealed class AccessTokenCacheTests
{
    [Fact]
    public async Task Get_ManyCallers_FetchOneToken()
    {
        var gate = new TaskCompletionSource();
        var fetched = 0;
        using var cache = new AccessTokenCache(
            async _ =>
            {
                Interlocked.Increment(ref fetched);
                await gate.Task;
                return new AccessToken("token", null);
            },
            TimeProvider.System);
        var calls = Enumerable.Range(0, 20).Select(_ => cache.GetAsync(default).AsTask()).ToList();

        gate.SetResult();

        Assert.All(await Task.WhenAll(calls), static token => Assert.Equal("token", token));
        Assert.Equal(1, fetched);
    }

    [Fact]
    public async Task Get_FetchThatFails_IsTriedAgainByTheNextCaller()
    {
        var fetched = 0;
        using var cache = new AccessTokenCache(
            _ => ++fetched == 1 ? throw new StorageException(StorageErrorKind.Unavailable, "x", "x") : Task.FromResult(new AccessToken("token", null)),
            TimeProvider.System);

        await Assert.ThrowsAsync<StorageException>(async () => await cache.GetAsync(default));

        Assert.Equal("token", await cache.GetAsync(default));
    }
}
