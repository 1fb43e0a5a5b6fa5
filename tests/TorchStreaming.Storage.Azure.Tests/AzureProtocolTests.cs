// SPDX-License-Identifier: MIT

using System.Text;
using Azure.Core;
using Azure.Identity;
using Microsoft.AspNetCore.Http;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>What goes over the wire, seen by a server of our own.</summary>
public sealed class AzureProtocolTests : IAsyncLifetime
{
    private const string Secret = "SECRET-SIGNATURE";

    private LoopbackServer _server = null!;
    private Func<HttpContext, Task> _answer = static _ => Task.CompletedTask;

    public async Task InitializeAsync() => _server = await LoopbackServer.StartAsync((context, _) => _answer(context));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task AnyCall_SignatureInTheAddress_IsSentAndNeverShown()
    {
        _answer = static context => Fail(context, 404, "BlobNotFound");
        await using var store = new AzureBlobObjectStore(
            $"https://acc.blob.core.windows.net/container/data?sv=1&sig={Secret}", new AzureStoreOptions { Endpoint = new Uri(_server.Address) }, static _ => null);

        var error = await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await store.GetInfoAsync("object"));

        Assert.Contains("sig=" + Secret, Assert.Single(_server.Requests).Query, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.ToString() + error.Location + store.Location, StringComparison.Ordinal);
        Assert.Equal("https://acc.blob.core.windows.net/container/data/object", error.Location);
    }

    [Fact]
    public async Task AnyCall_SignatureOverPlainHttp_IsRefusedBeforeItIsSent()
    {
        await using var store = new AzureBlobObjectStore(
            "az://container", new AzureStoreOptions { Endpoint = new Uri("http://storage.example"), SasToken = Secret }, static _ => null);

        await ThrowsKindAsync(StorageErrorKind.PermissionDenied, async () => await store.GetInfoAsync("object"));
    }

    [Fact]
    public async Task AnyCall_Token_IsSentAndAskedForOnce()
    {
        var credential = new CountingCredential();
        await using var store = Open(new AzureStoreOptions { Endpoint = new Uri(_server.Address), Credential = credential });

        await store.DeleteAsync("a");
        await store.DeleteAsync("b");

        Assert.All(_server.Requests, static request => Assert.Equal("Bearer " + Secret, request.Authorization));
        Assert.Equal(1, credential.Calls);
    }

    [Fact]
    public async Task AnyCall_NoIdentityOnThisMachine_GoesOutUnsigned()
    {
        await using var store = new AzureBlobObjectStore(
            "az://container",
            new AzureStoreOptions { Endpoint = new Uri(_server.Address) },
            static _ => null,
            handler: null,
            static () => new FailingCredential(new CredentialUnavailableException("none")));

        await store.DeleteAsync("a");

        Assert.Null(Assert.Single(_server.Requests).Authorization);
    }

    [Fact]
    public async Task AnyCall_IdentityThatFails_IsUnauthenticated()
    {
        await using var store = Open(new AzureStoreOptions
        {
            Endpoint = new Uri(_server.Address),
            Credential = new FailingCredential(new AuthenticationFailedException("expired")),
        });

        await ThrowsKindAsync(StorageErrorKind.Unauthenticated, async () => await store.GetInfoAsync("object"));

        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData(403, "AuthenticationFailed", StorageErrorKind.Unauthenticated)]
    [InlineData(403, "AuthorizationPermissionMismatch", StorageErrorKind.PermissionDenied)]
    [InlineData(409, "PublicAccessNotPermitted", StorageErrorKind.PermissionDenied)]
    [InlineData(404, "ContainerNotFound", StorageErrorKind.NotFound)]
    [InlineData(412, "ConditionNotMet", StorageErrorKind.PreconditionFailed)]
    [InlineData(416, "InvalidRange", StorageErrorKind.PreconditionFailed)]
    [InlineData(503, "ServerBusy", StorageErrorKind.Throttled)]
    [InlineData(500, "OperationTimedOut", StorageErrorKind.Timeout)]
    [InlineData(500, "InternalError", StorageErrorKind.Unavailable)]
    [InlineData(429, "", StorageErrorKind.Throttled)]
    public async Task AnyCall_Failure_IsAskedOnceAndHasItsKind(int status, string code, StorageErrorKind kind)
    {
        _answer = context => Fail(context, status, code);
        await using var store = Open(new AzureStoreOptions { Endpoint = new Uri(_server.Address), Anonymous = true });

        await ThrowsKindAsync(kind, async () => await store.OpenReadAsync("object", new ByteRange(5)));

        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not xml")]
    [InlineData("<EnumerationResults><Blobs><Blob/></Blobs></EnumerationResults>")]
    [InlineData("<EnumerationResults><Blobs><Blob><Name>a</Name><Properties><Content-Length>-1</Content-Length></Properties></Blob></Blobs></EnumerationResults>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><EnumerationResults>&a;</EnumerationResults>")]
    [InlineData("<EnumerationResults><NextMarker>again</NextMarker></EnumerationResults>")]
    public async Task List_AnswerThatIsNoListing_IsAnErrorAndNoHang(string body)
    {
        _answer = context => context.Response.WriteAsync(body);
        await using var store = Open(new AzureStoreOptions { Endpoint = new Uri(_server.Address), Anonymous = true });

        await ThrowsKindAsync(StorageErrorKind.Other, async () => await store.ListAsync().GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public void List_DataLake_LeavesOutFolders()
    {
        const string Page = """
            <EnumerationResults><Blobs>
              <Blob><Name>folder</Name><Properties><Content-Length>0</Content-Length><ResourceType>directory</ResourceType></Properties></Blob>
              <Blob><Name>old</Name><Properties><Content-Length>0</Content-Length></Properties><Metadata><hdi_isfolder>true</hdi_isfolder></Metadata></Blob>
              <Blob><Name Encoded="true">a%EF%BF%BEb</Name><Properties><Etag>0x1</Etag><Content-Length>7</Content-Length></Properties></Blob>
            </Blobs><NextMarker /></EnumerationResults>
            """;

        var (items, next) = AzureBlobListing.ReadPage(Encoding.UTF8.GetBytes(Page), "az://c");

        Assert.Equal(new ObjectInfo("a\uFFFEb", 7, "\"0x1\""), Assert.Single(items));
        Assert.Null(next);
    }

    [Fact]
    public async Task Resolver_AfterAddAzure_OpensItsAddresses()
    {
        var resolver = new ObjectStoreResolver().AddAzure(new AzureStoreOptions { AccountName = "acc", Anonymous = true });
        foreach (var location in (string[])["azure://acc.blob.core.windows.net/c/x", "azure-dl://c/x", "az://c/x", "abfss://c@acc.dfs.core.windows.net/x", "https://acc.blob.core.windows.net/c/x"])
        {
            await using var store = resolver.Open(location);
            Assert.Equal(location, Assert.IsType<AzureBlobObjectStore>(store).Location);
        }

        await using var plain = resolver.Open("https://elsewhere.example/c/x");
        Assert.IsType<HttpObjectStore>(plain);
    }

    private static AzureBlobObjectStore Open(AzureStoreOptions options) => new("az://container", options, static _ => null);

    private static Task Fail(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["x-ms-error-code"] = code;
        return Task.CompletedTask;
    }

    private static async Task<StorageException> ThrowsKindAsync(StorageErrorKind kind, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<StorageException>(call);
        Assert.Equal(kind, error.Kind);
        return error;
    }

    private sealed class CountingCredential : TokenCredential
    {
        public int Calls { get; private set; }

        public override Azure.Core.AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Calls++;
            return new Azure.Core.AccessToken(Secret, DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<Azure.Core.AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    private sealed class FailingCredential(Exception error) : TokenCredential
    {
        public override Azure.Core.AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw error;

        public override ValueTask<Azure.Core.AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw error;
    }
}
