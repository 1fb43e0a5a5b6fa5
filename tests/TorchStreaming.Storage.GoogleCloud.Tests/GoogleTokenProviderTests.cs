// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

/// <summary>Tokens that the caller gives.</summary>
public sealed class GoogleTokenProviderTests : IAsyncLifetime
{
    private GoogleCloudServer _server = null!;

    public async Task InitializeAsync() => _server = await GoogleCloudServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Call_TokenProvider_IsAskedBeforeEachRequest()
    {
        var count = 0;
        await using var store = Open(_ => new($"token-{++count}"));

        _server.RequiredToken = "token-1";
        await store.DeleteAsync("object");
        _server.RequiredToken = "token-2";
        await store.DeleteAsync("object");

        Assert.Equal(["Bearer token-1", "Bearer token-2"], _server.Requests.Select(static request => request.Authorization));
    }

    [Fact]
    public async Task Call_TokenProvider_ComesBeforeTheEnvironmentAndFiles()
    {
        _server.RequiredToken = "given";
        await using var store = new GoogleCloudObjectStore(
            $"gs://{GoogleCloudServer.Bucket}",
            new GoogleCloudStoreOptions { Endpoint = _server.Address, TokenProvider = static _ => new("given"), CredentialsFile = "nothing.json" },
            static name => name == "GOOGLE_OAUTH_ACCESS_TOKEN" ? "other" : null);

        await store.DeleteAsync("object");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("SECRET\n")]
    [InlineData("SECRET SECRET")]
    public async Task Call_ProviderGivesNoToken_IsUnauthenticatedWithoutIt(string? token)
    {
        await using var store = Open(_ => new(token!));

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.DeleteAsync("object"));

        Assert.Equal(StorageErrorKind.Unauthenticated, error.Kind);
        Assert.Contains("TokenProvider", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Call_ProviderFails_IsUnauthenticatedWithItsCause()
    {
        var cause = new InvalidOperationException("no identity");
        await using var store = Open(_ => throw cause);

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.DeleteAsync("object"));

        Assert.Equal(StorageErrorKind.Unauthenticated, error.Kind);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public async Task Call_ProviderLosesItsConnection_MayBeTriedAgain()
    {
        await using var store = Open(static _ => throw new HttpRequestException(HttpRequestError.ConnectionError));

        Assert.True((await Assert.ThrowsAsync<StorageException>(async () => await store.DeleteAsync("object"))).IsTransient);
    }

    [Fact]
    public async Task Call_CancelledInTheProvider_IsCancelled()
    {
        using var stop = new CancellationTokenSource();
        await using var store = Open(token =>
        {
            stop.Cancel();
            token.ThrowIfCancellationRequested();
            return new("never");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.DeleteAsync("object", stop.Token));
    }

    private GoogleCloudObjectStore Open(Func<CancellationToken, ValueTask<string>> provider) => new(
        $"gs://{GoogleCloudServer.Bucket}",
        new GoogleCloudStoreOptions { Endpoint = _server.Address, TokenProvider = provider },
        static _ => null);
}
