// SPDX-License-Identifier: MIT

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class GoogleTokensTests : IAsyncLifetime
{
    private const string Token = "SECRET-TOKEN";

    private readonly TemporaryDirectory _folder = new();
    private readonly Dictionary<string, string> _environment = [];
    private GoogleCloudServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await GoogleCloudServer.StartAsync();
        _server.RequiredToken = Token;

        // No test may look for the machine's own credentials.
        _environment["CLOUDSDK_CONFIG"] = _folder.Path;
        _environment["GCE_METADATA_HOST"] = "127.0.0.1:9";
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Call_ServiceAccountFile_SignsARequestForAToken()
    {
        using var key = RSA.Create(2048);
        _environment["GOOGLE_APPLICATION_CREDENTIALS"] = WriteAccount(key, _server.Address + "token");

        await AssertReachesBucketAsync();

        var form = Assert.Single(_server.TokenRequests);
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        var parts = form["assertion"].ToString().Split('.');
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        Assert.Equal("RS256", header.RootElement.GetProperty("alg").GetString());
        Assert.Equal("key-1", header.RootElement.GetProperty("kid").GetString());
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        Assert.Equal("robot@project.example", claims.RootElement.GetProperty("iss").GetString());
        Assert.Equal(_server.Address + "token", claims.RootElement.GetProperty("aud").GetString());
        Assert.Equal(3600, claims.RootElement.GetProperty("exp").GetInt64() - claims.RootElement.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task Call_TokenNearItsEnd_IsFetchedAgain()
    {
        using var key = RSA.Create(2048);
        _environment["GOOGLE_APPLICATION_CREDENTIALS"] = WriteAccount(key, _server.Address + "token");
        var time = new FakeTimeProvider();
        await using var store = Open(new GoogleCloudStoreOptions { Endpoint = _server.Address }, time);

        await DeleteAsync(store);
        await DeleteAsync(store);
        Assert.Single(_server.TokenRequests);
        time.Advance(TimeSpan.FromMinutes(58));
        await DeleteAsync(store);

        Assert.Equal(2, _server.TokenRequests.Count);
    }

    [Fact]
    public async Task Call_GcloudsOwnFile_RefreshesTheUsersToken()
    {
        File.WriteAllText(
            _folder.Combine("application_default_credentials.json"),
            $$"""{"type":"authorized_user","client_id":"id","client_secret":"s","refresh_token":"r","token_uri":"{{_server.Address}}token"}""");

        await AssertReachesBucketAsync();

        Assert.Equal("refresh_token", Assert.Single(_server.TokenRequests)["grant_type"]);
    }

    [Fact]
    public async Task Call_MachineOfGoogles_AsksItsMetadataServer()
    {
        _environment["GCE_METADATA_HOST"] = _server.Address.Authority;

        await AssertReachesBucketAsync();
    }

    [Theory]
    [InlineData("GOOGLE_OAUTH_ACCESS_TOKEN")]
    [InlineData("CLOUDSDK_AUTH_ACCESS_TOKEN")]
    public async Task Call_TokenInTheEnvironment_IsSent(string variable)
    {
        _environment[variable] = Token;

        await AssertReachesBucketAsync();
    }

    [Fact]
    public async Task Call_NoSourceOfATokenAtAll_GoesOutWithout()
    {
        _server.RequiredToken = null;

        await AssertReachesBucketAsync();

        Assert.All(_server.Requests, static request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task Call_NoSourceAndPrivateBucket_SaysWhatToSet()
    {
        await using var store = Open(new GoogleCloudStoreOptions { Endpoint = _server.Address });

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.GetInfoAsync("object"));

        Assert.Equal(StorageErrorKind.Unauthenticated, error.Kind);
        Assert.Contains("GOOGLE_APPLICATION_CREDENTIALS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_Emulator_GetsNoToken()
    {
        _server.RequiredToken = null;
        _environment["STORAGE_EMULATOR_HOST"] = _server.Address.Authority;
        _environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = Token;
        await using var store = Open(new GoogleCloudStoreOptions());

        await DeleteAsync(store);

        Assert.Null(Assert.Single(_server.Requests).Authorization);
    }

    [Fact]
    public async Task Call_TokenEndpointRefuses_IsUnauthenticated()
    {
        using var key = RSA.Create(2048);
        _environment["GOOGLE_APPLICATION_CREDENTIALS"] = WriteAccount(key, _server.Address + "token");
        _server.Fault = static context =>
        {
            context.Response.StatusCode = 400;
            return true;
        };
        await using var store = Open(new GoogleCloudStoreOptions { Endpoint = _server.Address });

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.GetInfoAsync("object"));

        Assert.Equal(StorageErrorKind.Unauthenticated, error.Kind);
    }

    private async Task AssertReachesBucketAsync()
    {
        await using var store = Open(new GoogleCloudStoreOptions { Endpoint = _server.Address });
        await DeleteAsync(store);
    }

    /// <summary>A call that succeeds on an empty bucket, once its token is right.</summary>
    private static async Task DeleteAsync(GoogleCloudObjectStore store) => await store.DeleteAsync("object");

    private GoogleCloudObjectStore Open(GoogleCloudStoreOptions options, TimeProvider? time = null) =>
        new($"gs://{GoogleCloudServer.Bucket}", options, name => _environment.GetValueOrDefault(name), handler: null, time);

    private string WriteAccount(RSA key, string tokenUri)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", "service_account");
            json.WriteString("client_email", "robot@project.example");
            json.WriteString("private_key_id", "key-1");
            json.WriteString("private_key", key.ExportPkcs8PrivateKeyPem());
            json.WriteString("token_uri", tokenUri);
            json.WriteEndObject();
        }

        var file = _folder.Combine("account.json");
        File.WriteAllBytes(file, body.ToArray());
        return file;
    }
}
