// SPDX-License-Identifier: MIT

using Amazon.Runtime;
using Microsoft.AspNetCore.Http;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>What goes over the wire, seen by a server of our own.</summary>
public sealed class S3ProtocolTests : IAsyncLifetime
{
    private const string Secret = "WJalr-SECRET";

    private readonly List<IHeaderDictionary> _headers = [];
    private LoopbackServer _server = null!;
    private Func<HttpContext, Task> _answer = static _ => Task.CompletedTask;

    public async Task InitializeAsync() => _server = await LoopbackServer.StartAsync((context, _) =>
    {
        lock (_headers)
        {
            _headers.Add(
                new HeaderDictionary(context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value)));
        }

        return _answer(context);
    });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task OpenRead_Request_IsSignedWithRangeAndCondition()
    {
        _answer = static context => LoopbackServer.SendAsync(context, new byte[100]);
        await using var store = Open();

        await using var content = await store.OpenReadAsync("a b/c", new ByteRange(10, 5), "\"tag\"");

        var request = Assert.Single(_server.Requests);
        Assert.Equal("/bucket/data/a b/c", request.Path);
        Assert.Equal("bytes=10-14", request.Range);
        Assert.Equal("\"tag\"", request.IfMatch);
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIA/", request.Authorization, StringComparison.Ordinal);
        Assert.Contains("/eu-west-3/s3/aws4_request", request.Authorization, StringComparison.Ordinal);
        Assert.Equal(100, content.Info.Size);
    }

    [Fact]
    public async Task OpenRead_ServerThatIgnoresIfMatch_IsPreconditionFailed()
    {
        _answer = static context =>
        {
            context.Response.Headers.ETag = "\"new\"";
            return LoopbackServer.SendAsync(context, new byte[100]);
        };
        await using var store = Open();

        await ThrowsKindAsync(StorageErrorKind.PreconditionFailed, async () => await store.OpenReadAsync("object", null, "\"old\""));
    }

    [Fact]
    public async Task OpenRead_ServerThatIgnoresRanges_IsNotSupported()
    {
        _answer = static context => context.Response.Body.WriteAsync(new byte[100]).AsTask();
        await using var store = Open();

        await ThrowsKindAsync(StorageErrorKind.NotSupported, async () => await store.OpenReadAsync("object", new ByteRange(10, 5)));
    }

    [Fact]
    public async Task OpenRead_EmptyObjectWithoutRanges_IsEmpty()
    {
        _answer = static context => LoopbackServer.SendAsync(context, []);
        await using var store = Open();
        await using var content = await store.OpenReadAsync("object");

        Assert.Equal(0, content.Info.Size);
        Assert.Equal(0, await content.Stream.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task OpenRead_AnswerWithoutALength_IsReadToItsEnd()
    {
        _answer = static context => context.Response.Body.WriteAsync(new byte[100]).AsTask();
        await using var store = Open();
        await using var content = await store.OpenReadAsync("object");
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes);

        Assert.Equal(100, bytes.Length);
        Assert.Equal(-1, content.Info.Size);
    }

    [Fact]
    public async Task OpenRead_BodyThatBreaksOff_IsUnavailable()
    {
        _answer = static async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[500]);
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        await using var store = Open();

        // A reset may overtake the answer's head, so the open may fail already.
        var error = await ThrowsKindAsync(StorageErrorKind.Unavailable, async () =>
        {
            await using var content = await store.OpenReadAsync("object");
            await content.Stream.CopyToAsync(Stream.Null);
        });

        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task AnyCall_RequesterPays_SaysSo()
    {
        _answer = static context => LoopbackServer.SendAsync(context, new byte[10]);
        await using var store = Open(new() { ["MOSAICML_STREAMING_AWS_REQUESTER_PAYS"] = "bucket" });

        await store.GetInfoAsync("object");
        await (await store.OpenReadAsync("object")).DisposeAsync();
        await store.DeleteAsync("object");
        await store.WriteAsync("object", new MemoryStream([1]));

        Assert.All(_headers, static headers => Assert.Equal("requester", headers["x-amz-request-payer"]));
        Assert.Equal(4, _headers.Count);
    }

    [Fact]
    public async Task Write_CannedAcl_IsSentAndThePayloadIsPlain()
    {
        await using var store = Open(new() { ["S3_CANNED_ACL"] = "public-read" });

        await store.WriteAsync("object", new MemoryStream([1, 2, 3]));

        var headers = Assert.Single(_headers);
        Assert.Equal("public-read", headers["x-amz-acl"]);
        Assert.Equal(3, headers.ContentLength);
        Assert.False(headers.ContainsKey("x-amz-trailer"));
        Assert.DoesNotContain("aws-chunked", headers.ContentEncoding.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "SlowDown", StorageErrorKind.Throttled)]
    [InlineData(500, "InternalError", StorageErrorKind.Unavailable)]
    [InlineData(403, "AccessDenied", StorageErrorKind.PermissionDenied)]
    [InlineData(403, "SignatureDoesNotMatch", StorageErrorKind.Unauthenticated)]
    [InlineData(400, "ExpiredToken", StorageErrorKind.Unauthenticated)]
    [InlineData(404, "NoSuchKey", StorageErrorKind.NotFound)]
    [InlineData(404, "NoSuchBucket", StorageErrorKind.NotFound)]
    [InlineData(412, "PreconditionFailed", StorageErrorKind.PreconditionFailed)]
    [InlineData(416, "InvalidRange", StorageErrorKind.PreconditionFailed)]
    [InlineData(400, "RequestTimeout", StorageErrorKind.Timeout)]
    [InlineData(501, "NotImplemented", StorageErrorKind.NotSupported)]
    [InlineData(429, "Whatever", StorageErrorKind.Throttled)]
    public async Task AnyCall_Failure_IsAskedOnceHasItsKindAndShowsNoSecret(int status, string code, StorageErrorKind kind)
    {
        _answer = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(
                $"<Error><Code>{code}</Code><Message>{Secret} AKIA</Message><RequestId>ID1</RequestId></Error>");
        };
        await using var store = Open();

        var error = await ThrowsKindAsync(kind, async () => await store.OpenReadAsync("object", new ByteRange(5)));

        Assert.Single(_server.Requests);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("AKIA", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("s3://bucket/data/object", error.Location);
    }

    [Fact]
    public async Task AnyCall_NoServer_IsUnavailable()
    {
        await using var store = new S3ObjectStore(
            S3Address.Parse("s3://bucket"), new S3StoreOptions { Endpoint = new Uri("http://127.0.0.1:9"), AccessKey = "a", SecretKey = Secret }, static _ => null);

        Assert.True((await ThrowsKindAsync(StorageErrorKind.Unavailable, async () => await store.GetInfoAsync("object"))).IsTransient);
    }

    [Fact]
    public async Task AnyCall_ServerThatSaysNothing_IsTimeout()
    {
        var gate = new TaskCompletionSource();
        _answer = async context => await gate.Task.WaitAsync(context.RequestAborted);
        await using var store = Open(options: Options with { RequestTimeout = TimeSpan.FromMilliseconds(200) });

        await ThrowsKindAsync(StorageErrorKind.Timeout, async () => await store.OpenReadAsync("object"));
    }

    [Fact]
    public async Task AnyCall_NoCredentialsAnywhere_GoesOutUnsigned()
    {
        _answer = static context => LoopbackServer.SendAsync(context, new byte[10]);
        await using var store = OpenWithoutKeys(static () => throw new AmazonClientException("none"), []);

        await store.GetInfoAsync("object");

        Assert.Null(Assert.Single(_server.Requests).Authorization);
    }

    [Fact]
    public async Task AnyCall_NoCredentialsThoughTheEnvironmentNamesThem_IsUnauthenticated()
    {
        await using var store = OpenWithoutKeys(static () => throw new AmazonClientException("none"), new() { ["AWS_PROFILE"] = "team" });

        await ThrowsKindAsync(StorageErrorKind.Unauthenticated, async () => await store.GetInfoAsync("object"));

        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task AnyCall_UnsignedAndRefused_SaysThatNoCredentialsWereFound()
    {
        _answer = static context =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        };
        await using var store = OpenWithoutKeys(static () => null, []);

        var error = await ThrowsKindAsync(StorageErrorKind.PermissionDenied, async () => await store.GetInfoAsync("object"));

        Assert.Contains("not signed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_TokenThatRepeats_IsAnErrorAndNoHang()
    {
        _answer = static context => context.Response.WriteAsync(
            "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken></ListBucketResult>");
        await using var store = Open();

        await ThrowsKindAsync(StorageErrorKind.Other, async () => await store.ListAsync().GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task Resolver_AfterAddS3_OpensItsAddresses()
    {
        var resolver = new ObjectStoreResolver().AddS3(
            google: new S3StoreOptions { AccessKey = "a", SecretKey = "b" }, oracle: new S3StoreOptions { Region = "eu-frankfurt-1" });
        foreach (var location in (string[])["s3://bucket/x", "gs://bucket/x", "oci://bucket@space/x"])
        {
            await using var store = resolver.Open(location);
            Assert.Equal(location, Assert.IsType<S3ObjectStore>(store).Location);
        }
    }

    private S3StoreOptions Options =>
        new() { Endpoint = new Uri(_server.Address), Region = "eu-west-3", AccessKey = "AKIA", SecretKey = Secret };

    private S3ObjectStore Open(Dictionary<string, string>? environment = null, S3StoreOptions? options = null) =>
        new(S3Address.Parse("s3://bucket/data"), options ?? Options, name => environment?.GetValueOrDefault(name));

    private S3ObjectStore OpenWithoutKeys(Func<AWSCredentials?> chain, Dictionary<string, string> environment)
    {
        var address = S3Address.Parse("s3://bucket/data");
        var options = new S3StoreOptions { Endpoint = new Uri(_server.Address) };
        var settings = S3Settings.Resolve(address, options, name => environment.GetValueOrDefault(name));
        var connection = new S3Connection(settings, options.RequestTimeout, (_, _) => Task.FromResult(chain()));
        return new S3ObjectStore(address, options, name => environment.GetValueOrDefault(name), connection);
    }

    private static async Task<StorageException> ThrowsKindAsync(StorageErrorKind kind, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<StorageException>(call);
        Assert.Equal(kind, error.Kind);
        return error;
    }
}
