// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class GoogleCredentialsFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("not json SECRET")]
    [InlineData("{}")]
    [InlineData("""{"type":"service_account"}""")]
    [InlineData("""{"type":"service_account","client_email":"a","private_key":"SECRET"}""")]
    [InlineData("""{"type":"SECRET !"}""")]
    [InlineData("""{"type":null}""")]
    [InlineData("""{"type":"authorized_user","client_id":"a","client_secret":"SECRET","refresh_token":"SECRET","token_uri":"http://somewhere.example/"}""")]
    public async Task Read_UnusableFile_IsUnauthenticatedWithoutItsContent(string content)
    {
        var error = await ReadAsync(content);

        Assert.Equal(StorageErrorKind.Unauthenticated, error.Kind);
        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("external_account", "workload identity federation")]
    [InlineData("external_account_authorized_user", "workforce identity federation")]
    [InlineData("impersonated_service_account", "impersonation")]
    [InlineData("gdch_service_account", "gdch_service_account")]
    public async Task Read_TypeWithoutSupport_NamesItAndWhatToGiveInItsPlace(string type, string meaning)
    {
        var error = await ReadAsync($$"""{"type":"{{type}}","service_account_impersonation_url":"SECRET"}""");

        Assert.Equal(StorageErrorKind.Unauthenticated, error.Kind);
        Assert.Equal("gs://bucket", error.Location);
        Assert.Contains($"'{type}'", error.Message, StringComparison.Ordinal);
        Assert.All(
            [meaning, "TokenProvider", "AccessToken", "GOOGLE_OAUTH_ACCESS_TOKEN", "gcloud auth application-default print-access-token"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NoFile_IsUnauthenticated() => Assert.Contains(
        "cannot be read",
        (await Assert.ThrowsAsync<StorageException>(() => GoogleCredentialsFile.ReadAsync(
            _folder.Combine("nothing.json"), DateTimeOffset.UnixEpoch, "gs://bucket", default))).Message,
        StringComparison.Ordinal);

    private async Task<StorageException> ReadAsync(string content)
    {
        var file = _folder.Combine("key.json");
        await File.WriteAllTextAsync(file, content);
        return await Assert.ThrowsAsync<StorageException>(
            () => GoogleCredentialsFile.ReadAsync(file, DateTimeOffset.UnixEpoch, "gs://bucket", default));
    }
}
