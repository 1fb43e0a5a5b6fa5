// SPDX-License-Identifier: MIT

using System.Net;
using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

/// <summary>The Blob service that <c>.ci/servers</c> starts, with the emulator's public account.</summary>
internal static class AzureServer
{
    public const string Variable = "TORCHSTREAMING_TEST_AZURE";
    public const string Account = "devstoreaccount1";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static Uri Endpoint => new(
        $"{(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : "http://127.0.0.1:9")}/{Account}");

    public static AzureStoreOptions Options => new() { Endpoint = Endpoint, AccountName = Account, AccountKey = Key, PartSize = 1 << 20 };

    /// <summary>Makes a container, which the store itself never does.</summary>
    public static async Task<string> CreateContainerAsync(bool isPublic = false)
    {
        var name = $"test-{Guid.NewGuid():N}";
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Endpoint}/{name}?restype=container");
        request.Headers.Add("x-ms-version", "2021-08-06");
        request.Headers.Add("x-ms-date", DateTimeOffset.UtcNow.ToString("R"));
        if (isPublic)
        {
            request.Headers.Add("x-ms-blob-public-access", "container");
        }

        using var signing = new AzureSharedKey(Account, Key);
        await signing.AuthorizeAsync(request, name, default);
        using var client = new HttpClient();
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return name;
    }
}
