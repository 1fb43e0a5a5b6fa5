// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>What the client does when the cluster does not do well: the exact bytes, or one typed error.</summary>
public sealed class AISFaultTests : AISClusterFixture
{
    private static readonly byte[] Large = Bytes(500_000);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Server.Contents.Put("imagenet", "a", Large);
    }

    public static TheoryData<AIStoreFault> Passing => new()
    {
        new AIStoreFault.Status(429, 20),
        new AIStoreFault.Status(500),
        new AIStoreFault.Status(502),
        new AIStoreFault.Status(503),
        new AIStoreFault.Status(504),
        new AIStoreFault.Status(409),
        new AIStoreFault.Status(404),
        new AIStoreFault.Reset(),
        new AIStoreFault.BreakAfter(0),
        new AIStoreFault.BreakAfter(123_457),
        new AIStoreFault.EndAfter(123_457),
        new AIStoreFault.FlipByte(77),
    };

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Read_TargetFailsOnce_GivesTheExactBytes(AIStoreFault fault)
    {
        Server.Script(static request => request.IsTarget, fault);

        Assert.Equal(Large, await Bucket.Object("a").ReadAsync());
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Read_ProxyFailsOnce_GivesTheExactBytes(int status)
    {
        Server.Script(static request => request.IsProxy, new AIStoreFault.Status(status), times: 3);

        Assert.Equal(Large, await Bucket.Object("a").ReadAsync());
    }

    [Theory]
    [InlineData(400, StorageErrorKind.Other, 1)]
    [InlineData(401, StorageErrorKind.Unauthenticated, 1)]
    [InlineData(403, StorageErrorKind.PermissionDenied, 1)]
    [InlineData(404, StorageErrorKind.NotFound, 2)]
    [InlineData(429, StorageErrorKind.Throttled, 5)]
    [InlineData(500, StorageErrorKind.Unavailable, 5)]
    [InlineData(501, StorageErrorKind.NotSupported, 1)]
    public async Task Read_TargetKeepsFailing_IsOneTypedErrorWithinTheBudget(int status, StorageErrorKind kind, int attempts)
    {
        Server.Script(static request => request.IsTarget, new AIStoreFault.Status(status), times: 100);

        var error = await ThrowsKindAsync(kind, async () => await Bucket.Object("a").ReadAsync());

        Assert.Equal("ais://imagenet/a", error.Location);
        Assert.Equal(attempts, Server.Requests.Count(static request => request.IsTarget));
    }

    [Fact]
    public async Task Read_AlwaysDamaged_IsOneError()
    {
        Server.Script(static request => request.IsTarget, new AIStoreFault.FlipByte(77), times: 100);

        var error = await ThrowsKindAsync(StorageErrorKind.Other, async () => await Bucket.Object("a").ReadAsync());

        Assert.Contains("xxhash2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenRead_BrokenOffAndThenDamaged_IsFoundAtTheEnd()
    {
        Server.Script(static request => request.IsTarget, new AIStoreFault.BreakAfter(100_000));
        Server.Script(static request => request.IsTarget, new AIStoreFault.FlipByte(1000));

        await ThrowsKindAsync(StorageErrorKind.Other, async () =>
        {
            await using var content = await Bucket.Object("a").OpenReadAsync();
            await content.Stream.CopyToAsync(Stream.Null);
        });
    }

    [Fact]
    public async Task Read_BrokenOff_AsksOnlyForTheRest()
    {
        Server.Script(static request => request.IsTarget, new AIStoreFault.BreakAfter(123_457));

        await Bucket.Object("a").ReadAsync();

        var range = Server.Requests.Last(static request => request.IsTarget).Range;
        Assert.NotNull(range);
        Assert.StartsWith("bytes=", range, StringComparison.Ordinal);
        Assert.NotEqual("bytes=0-", range);
    }

    [Fact]
    public async Task Read_ObjectChangesInTheMiddle_IsOneTypedError()
    {
        Server.Script(static request => request.IsTarget, new AIStoreFault.BreakAfter(100_000));
        Server.Script(static request => request is { IsProxy: true, Range: not null }, new AIStoreFault.Before(() =>
        {
            Server.Contents.Put("imagenet", "a", Bytes(500_001));
            return Task.CompletedTask;
        }));

        await ThrowsKindAsync(StorageErrorKind.PreconditionFailed, async () => await Bucket.Object("a").ReadAsync());
    }

    [Fact]
    public async Task Read_RedirectLoop_IsOneTypedError()
    {
        var loop = new AIStoreFault.Redirect($"{Server.Endpoint}v1/objects/imagenet/a?provider=ais&pid=p1");
        Server.Script(static request => request.IsProxy, loop, times: 100);

        var error = await ThrowsKindAsync(StorageErrorKind.Other, async () => await Bucket.Object("a").ReadAsync());

        Assert.Contains("more than 4 times", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, Server.Requests.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1/objects/imagenet/a")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("http://user:pass@127.0.0.1/x")]
    [InlineData("http://")]
    public async Task Read_RedirectToNowhere_IsOneTypedError(string location)
    {
        Server.Script(static request => request.IsProxy, new AIStoreFault.Redirect(location), times: 100);

        await ThrowsKindAsync(StorageErrorKind.Other, async () => await Bucket.Object("a").ReadAsync());
    }

    [Fact]
    public async Task Read_TargetCannotBeReached_NamesBothHostsAndTheRemedy()
    {
        // The address of a target that is no more; the cluster does not know yet.
        await Server.StopTargetAsync("t1", forget: false);
        await Server.StopTargetAsync("t2", forget: false);

        var error = await ThrowsKindAsync(StorageErrorKind.Unavailable, async () => await Bucket.Object("a").ReadAsync());

        Assert.Contains(Server.Endpoint.Authority, error.Message, StringComparison.Ordinal);
        Assert.Contains("sent the request on to", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(AISClientOptions.MapTarget), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_TargetRestarts_StartsAtTheProxyAgain()
    {
        var owner = Server.Map.OwnerOf(Bucket.Identity, "a")!.Id;
        await Server.StopTargetAsync(owner, forget: false);
        Server.Script(static request => request.IsProxy, new AIStoreFault.Before(() => Server.StartTargetAsync(owner)), skip: 1);

        Assert.Equal(Large, await Bucket.Object("a").ReadAsync());
    }

    [Fact]
    public async Task Read_TargetsUnderAnotherName_AreTranslated()
    {
        Server.AdvertisedHost = "target.invalid";
        var client = new AISClient(null, Options with { MapTarget = static uri => new UriBuilder(uri) { Host = "127.0.0.1" }.Uri });

        Assert.Equal(Large, await client.Bucket("imagenet").Object("a").ReadAsync());
    }

    [Fact]
    public async Task Read_ConnectionsClosedMeanwhile_AreReplaced()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Large, await Bucket.Object("a").ReadAsync());
            var owner = Server.Map.OwnerOf(Bucket.Identity, "a")!.Id;
            await Server.StopTargetAsync(owner, forget: true);
            await Server.StartTargetAsync(owner);
        }
    }

    [Fact]
    public async Task Head_NoObject_ReadsTheErrorFromTheHeader()
    {
        var error = await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await Bucket.Object("none").HeadAsync());

        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_AtTheProxy_IsSentThereAlone()
    {
        Server.RequiredToken = "secret";
        await ThrowsKindAsync(StorageErrorKind.Unauthenticated, async () => await Bucket.Object("a").ReadAsync());
        var client = new AISClient(null, Options with { Token = "secret" });

        Assert.Equal(Large, await client.Bucket("imagenet").Object("a").ReadAsync());
        Assert.All(Server.Requests.Where(static request => request.IsTarget), static request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task Token_FileThatChanges_IsReadAgainOnce()
    {
        using var folder = new TemporaryDirectory();
        var file = Path.Combine(folder.Path, "auth.token");
        await File.WriteAllTextAsync(file, """{"token":"old"}""");
        Server.RequiredToken = "new";
        var client = new AISClient(null, Options with { TokenFile = file });
        await File.WriteAllTextAsync(file, "new\n");

        Assert.Equal(Large, await client.Bucket("imagenet").Object("a").ReadAsync());
        Server.RequiredToken = "newer";
        await ThrowsKindAsync(StorageErrorKind.Unauthenticated, async () => await client.Bucket("imagenet").Object("a").ReadAsync());
    }

    [Fact]
    public async Task Token_OfTheEnvironmentOverHttpToAnotherMachine_IsNotSent()
    {
        static string? Environment(string name) => name == "AIS_AUTHN_TOKEN" ? "topsecret" : null;
        var options = Options with { Endpoint = new Uri("http://gateway.invalid:8080") };
        var client = new AISClient(options, Environment);

        var error = await ThrowsKindAsync(StorageErrorKind.PermissionDenied, async () => await client.Bucket("b").Object("a").ReadAsync());

        Assert.DoesNotContain("topsecret", error.ToString() + options, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_CancelledInEveryWait_IsCancelled()
    {
        foreach (var match in (Func<AIStoreRequest, bool>[])[static request => request.IsProxy, static request => request.IsTarget])
        {
            using var source = new CancellationTokenSource();
            Server.Script(match, new AIStoreFault.Before(source.CancelAsync));

            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Bucket.Object("a").ReadAsync(null, source.Token));
        }

        using var later = new CancellationTokenSource();
        Server.Script(static request => request.IsTarget, new AIStoreFault.StallAfter(100_000));
        await using var content = await Bucket.Object("a").OpenReadAsync(null, later.Token);
        var buffer = new byte[100_000];
        await content.Stream.ReadExactlyAsync(buffer);
        var rest = content.Stream.ReadAsync(buffer).AsTask();
        await later.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rest);
    }

    [Theory]
    [InlineData("AIS_ENDPOINT", "ftp://x")]
    [InlineData("AIS_READ_TIMEOUT", "soon")]
    [InlineData("AIS_CONNECT_TIMEOUT", "-1")]
    [InlineData("AIS_MAX_CONN_POOL", "0")]
    [InlineData("AIS_CLIENT_CA", "/does/not/exist.pem")]
    [InlineData("AIS_CRT", "/does/not/exist.pem")]
    public void Create_MalformedVariable_IsArgumentError(string name, string value) => Assert.ThrowsAny<ArgumentException>(
        () => new AISClient(new AISClientOptions(), variable => variable == name ? value : null));

    [Fact]
    public void Create_Variables_AreTaken()
    {
        var variables = new Dictionary<string, string>
        {
            ["AIS_ENDPOINT"] = "gateway:8080",
            ["AIS_READ_TIMEOUT"] = "7.5",
            ["AIS_CONNECT_TIMEOUT"] = "0",
            ["AIS_MAX_CONN_POOL"] = "12",
            ["AIS_SKIP_VERIFY"] = "yes",
        };
        var client = new AISClient(new AISClientOptions(), variables.GetValueOrDefault);

        Assert.Equal("http://gateway:8080/", client.Endpoint.AbsoluteUri);
        Assert.Equal(TimeSpan.FromSeconds(7.5), client.Options.Retry!.StallTimeout);
        Assert.Equal(TimeSpan.FromDays(20), client.Options.ConnectTimeout);
        Assert.Equal(12, client.Options.MaxConnectionsPerServer);
        Assert.True(client.Options.SkipCertificateCheck);
    }
}
