// SPDX-License-Identifier: MIT

using Microsoft.AspNetCore.Http;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>Buckets in another region than the one asked: the store names it, and the request is made again for it.</summary>
public sealed class S3RegionTests : IAsyncLifetime
{
    private static readonly byte[] Content = [1, 2, 3, 4, 5];

    private LoopbackServer _server = null!;
    private string _region = "eu-north-1";
    private int _status = 301;
    private bool _isStubborn;

    public async Task InitializeAsync() => _server = await LoopbackServer.StartAsync(AnswerAsync);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(400)]
    public async Task OpenRead_BucketInAnotherRegion_AsksAgainForThatOneAndStays(int status)
    {
        _status = status;
        await using var store = Open();

        await using var content = await store.OpenReadAsync("object");
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes);
        var info = await store.GetInfoAsync("object");

        Assert.Equal(Content, bytes.ToArray());
        Assert.Equal(Content.Length, info.Size);
        Assert.Equal(
            ["us-east-1", "eu-north-1", "eu-north-1"],
            _server.Requests.Select(static request => request.Authorization!.Split('/')[2]));
    }

    [Fact]
    public async Task GetInfo_BucketInAnotherRegion_AsksAgainForThatOne()
    {
        await using var store = Open();

        Assert.Equal(Content.Length, (await store.GetInfoAsync("object")).Size);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Theory]
    [InlineData("us-east-1")]
    [InlineData("evil.example/")]
    [InlineData("a:b@evil")]
    public async Task OpenRead_RegionThatIsTheSameOrNone_IsAnErrorAfterOneRequest(string region)
    {
        _region = region;
        await using var store = Open();

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("object"));

        Assert.Contains("another region", error.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task OpenRead_RegionsThatSendToEachOther_IsAnErrorAfterTwoRequests()
    {
        await using var store = Open("eu-north-1");
        _region = "nowhere";
        _isStubborn = true;

        await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("object"));

        Assert.Equal(2, _server.Requests.Count);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    public async Task OpenRead_RedirectToAnotherHost_IsNotFollowedThere(int status)
    {
        await using var other = await LoopbackServer.StartAsync(static (context, _) => LoopbackServer.SendAsync(context, Content));
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = $"{other.Address}/bucket/object";
            return Task.CompletedTask;
        });
        await using var store = Open(endpoint: server.Address);

        await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("object"));

        Assert.Empty(other.Requests);
    }

    private Task AnswerAsync(HttpContext context, string[] path)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if (!_isStubborn && authorization.Contains("/eu-north-1/", StringComparison.Ordinal))
        {
            return LoopbackServer.SendAsync(context, Content);
        }

        context.Response.StatusCode = _status;
        context.Response.Headers["x-amz-bucket-region"] = _region;
        return context.Request.Method == "HEAD"
            ? Task.CompletedTask
            : context.Response.WriteAsync("<Error><Code>PermanentRedirect</Code><Endpoint>evil.example</Endpoint></Error>");
    }

    private S3ObjectStore Open(string region = "us-east-1", string? endpoint = null) => new(
        S3Address.Parse("s3://bucket"),
        new S3StoreOptions { Endpoint = new Uri(endpoint ?? _server.Address), Region = region, AccessKey = "AKIA", SecretKey = "secret" },
        static _ => null);
}
