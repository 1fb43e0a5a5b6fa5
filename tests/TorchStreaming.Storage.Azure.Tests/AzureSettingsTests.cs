// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

public sealed class AzureSettingsTests
{
    private const string Key = "c2VjcmV0";

    private readonly Dictionary<string, string> _environment = [];

    [Fact]
    public void Key_OfTheEnvironment_IsForItsAccountOnly()
    {
        _environment["AZURE_ACCOUNT_ACCESS_KEY"] = Key;
        Assert.IsType<AzureSharedKey>(Resolve("azure://acc.blob.core.windows.net/c").Authorization);
        _environment["AZURE_ACCOUNT_NAME"] = "acc";
        Assert.IsType<AzureSharedKey>(Resolve("azure://acc.blob.core.windows.net/c").Authorization);
        _environment["AZURE_ACCOUNT_NAME"] = "another";

        Assert.IsType<AzureEntraToken>(Resolve("azure://acc.blob.core.windows.net/c").Authorization);
    }

    [Fact]
    public void Secrets_OfTheEnvironment_DoNotGoToAHostThatOnlyTheAddressNames()
    {
        _environment["AZURE_STORAGE_SAS_TOKEN"] = "sig=SECRET";
        _environment["AZURE_CLIENT_ID"] = "id";
        Assert.IsType<AzureAnonymous>(Resolve("azure://evil.example/c").Authorization);
        Assert.IsType<AzureAnonymous>(Resolve("azure://core.windows.net.evil.example/c").Authorization);
        Assert.IsType<AzureSharedSignature>(Resolve("azure://acc.blob.core.windows.net/c").Authorization);
        _environment.Remove("AZURE_STORAGE_SAS_TOKEN");

        Assert.IsType<AzureAnonymous>(Resolve("https://evil.example/c").Authorization);
        Assert.IsType<AzureEntraToken>(Resolve("abfss://c@acc.dfs.core.windows.net/x").Authorization);
    }

    [Fact]
    public void ConnectionString_OfTheEnvironment_IsForItsAccountOnly()
    {
        _environment["AZURE_STORAGE_CONNECTION_STRING"] = $"DefaultEndpointsProtocol=https;AccountName=acc;AccountKey={Key};EndpointSuffix=core.windows.net";

        Assert.IsType<AzureSharedKey>(Resolve("azure://acc.blob.core.windows.net/c").Authorization);
        Assert.IsType<AzureEntraToken>(Resolve("azure://other.blob.core.windows.net/c").Authorization);
        var short_ = Resolve("az://c");
        Assert.Equal("https://acc.blob.core.windows.net/", short_.Endpoint.AbsoluteUri);
        Assert.IsType<AzureSharedKey>(short_.Authorization);
    }

    [Fact]
    public void ConnectionString_OfTheEmulator_NamesItsEndpoint()
    {
        var settings = Resolve("az://c", new AzureStoreOptions { ConnectionString = "UseDevelopmentStorage=true" });

        Assert.Equal("http://127.0.0.1:10000/devstoreaccount1", settings.Endpoint.AbsoluteUri);
    }

    [Theory]
    [InlineData("nonsense SECRET")]
    [InlineData("AccountKey=SECRET")]
    [InlineData("BlobEndpoint=ftp://SECRET")]
    public void ConnectionString_Malformed_IsArgumentErrorWithoutTheSecret(string text)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Resolve("az://c", new AzureStoreOptions { ConnectionString = text }));

        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Account_NamedNowhere_IsArgumentErrorThatSaysWhatToSet()
    {
        var error = Assert.Throws<ArgumentException>(() => Resolve("az://c/x"));

        Assert.Contains("AZURE_ACCOUNT_NAME", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Account_OfTheEnvironment_MakesTheEndpoint()
    {
        _environment["AZURE_ACCOUNT_NAME"] = "acc";
        Assert.Equal("https://acc.blob.core.windows.net/", Resolve("azure-dl://files/x").Endpoint.AbsoluteUri);
        _environment["AZURE_ACCOUNT_NAME"] = "evil.example/";

        Assert.Throws<ArgumentException>(() => Resolve("azure-dl://files/x"));
    }

    [Fact]
    public void Key_ThatIsNoBase64_IsArgumentErrorWithoutIt()
    {
        var error = Assert.ThrowsAny<ArgumentException>(
            () => Resolve("azure://acc.blob.core.windows.net/c", new AzureStoreOptions { AccountKey = "SECRET!" }));

        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_AsText_ShowNoSecret()
    {
        var text = new AzureStoreOptions { AccountKey = "SECRET", SasToken = "SECRET", ConnectionString = "SECRET", Endpoint = new Uri("https://h/?sig=SECRET") }.ToString();

        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
    }

    private AzureSettings Resolve(string uri, AzureStoreOptions? options = null)
    {
        var address = AzureAddress.Parse(uri, out var signature);
        return AzureSettings.Resolve(
            address, signature, options ?? new AzureStoreOptions(), name => _environment.GetValueOrDefault(name), TimeProvider.System);
    }
}
