// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

public sealed class AzureAddressTests
{
    [Theory]
    [InlineData("azure://acc.blob.core.windows.net/container/a/b", "acc.blob.core.windows.net", "container", "a/b/", "azure://acc.blob.core.windows.net/container/a/b")]
    [InlineData("azure://acc.blob.core.windows.net/container", "acc.blob.core.windows.net", "container", "", "azure://acc.blob.core.windows.net/container")]
    [InlineData("azure-dl://files/a/", null, "files", "a/", "azure-dl://files/a")]
    [InlineData("az://container/a", null, "container", "a/", "az://container/a")]
    [InlineData("abfss://files@acc.dfs.core.windows.net/a", "acc.blob.core.windows.net", "files", "a/", "abfss://files@acc.dfs.core.windows.net/a")]
    [InlineData("wasbs://files@acc.blob.core.windows.net", "acc.blob.core.windows.net", "files", "", "wasbs://files@acc.blob.core.windows.net")]
    [InlineData("https://acc.dfs.core.windows.net/files/a%20b", "acc.blob.core.windows.net", "files", "a b/", "https://acc.blob.core.windows.net/files/a b")]
    public void Parse_Address_HasItsParts(string uri, string? host, string container, string prefix, string location)
    {
        var address = AzureAddress.Parse(uri, out var signature);

        Assert.Equal((host, container, prefix, location), (address.Host, address.Container, address.Prefix, address.Location));
        Assert.Null(signature);
    }

    [Fact]
    public void Parse_UrlWithSignature_KeepsItOutOfTheAddress()
    {
        var address = AzureAddress.Parse("https://acc.blob.core.windows.net/container/a?sv=1&sig=SECRET", out var signature);

        Assert.Equal("sv=1&sig=SECRET", signature);
        Assert.DoesNotContain("SECRET", address.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("container/a")]
    [InlineData("s3://container/a")]
    [InlineData("azure://acc.blob.core.windows.net")]
    [InlineData("azure://user:SECRET@acc.blob.core.windows.net/container")]
    [InlineData("abfss://acc.dfs.core.windows.net/a")]
    [InlineData("abfss://files@/a")]
    [InlineData("https://user:SECRET@acc.blob.core.windows.net/container")]
    [InlineData("az://contai?ner/a")]
    [InlineData("az://container/a/../../b")]
    public void Parse_MalformedAddress_IsArgumentErrorWithoutTheSecret(string uri)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => AzureAddress.Parse(uri, out _));

        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }
}
