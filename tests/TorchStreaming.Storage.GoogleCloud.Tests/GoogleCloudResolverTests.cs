// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

/// <summary>Who opens <c>gs://</c>: those with HMAC keys get the S3 package's store, the others Google's own API.</summary>
public sealed class GoogleCloudResolverTests
{
    private static readonly S3StoreOptions Keys = new() { AccessKey = "key", SecretKey = "secret" };

    [Theory]
    [InlineData("gs://bucket/data")]
    [InlineData("GS://bucket")]
    public async Task Open_GoogleCloudAlone_OpensItsStore(string location)
    {
        await using var store = new ObjectStoreResolver().AddGoogleCloud().Open(location);

        Assert.IsType<GoogleCloudObjectStore>(store);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_BothAndHmacKeys_OpensTheS3Store(bool isS3First)
    {
        var resolver = new ObjectStoreResolver();
        resolver = isS3First ? resolver.AddS3(google: Keys).AddGoogleCloud() : resolver.AddGoogleCloud().AddS3(google: Keys);

        await using var store = resolver.Open("gs://bucket/data");

        Assert.IsType<S3ObjectStore>(store);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_BothWithoutHmacKeys_OpensGooglesOwn(bool isS3First)
    {
        var resolver = new ObjectStoreResolver();
        resolver = isS3First ? resolver.AddS3().AddGoogleCloud() : resolver.AddGoogleCloud().AddS3();

        await using var store = resolver.Open("gs://bucket/data");

        Assert.IsType<GoogleCloudObjectStore>(store);
    }

    [Fact]
    public void Open_S3AloneWithoutHmacKeys_NamesThePackageTheCallAndTheKeys()
    {
        var error = Assert.Throws<StorageException>(() => new ObjectStoreResolver().AddS3().Open("gs://bucket/data"));

        Assert.Equal(StorageErrorKind.NotSupported, error.Kind);
        Assert.All(
            ["TorchStreaming.Storage.GoogleCloud", "ObjectStoreResolver.Default.AddGoogleCloud()", "GCS_KEY"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Register_AfterBoth_ReplacesThem()
    {
        await using var own = new InMemoryObjectStore();
        var resolver = new ObjectStoreResolver().AddS3(google: Keys).AddGoogleCloud();
        resolver.Register("gs", (_, _) => own);

        Assert.Same(own, resolver.Open("gs://bucket/data"));
    }
}
