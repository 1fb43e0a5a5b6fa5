// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

public sealed class ObjectStoreResolverTests
{
    [Theory]
    [InlineData("/data/set", typeof(LocalObjectStore))]
    [InlineData("data/set", typeof(LocalObjectStore))]
    [InlineData("C:\\data\\set", typeof(LocalObjectStore))]
    [InlineData("C:/data/set", typeof(LocalObjectStore))]
    [InlineData("odd:name/set", typeof(LocalObjectStore))]
    [InlineData("file:///data/set", typeof(LocalObjectStore))]
    [InlineData("http://data.example/set", typeof(HttpObjectStore))]
    [InlineData("HTTPS://data.example/set", typeof(HttpObjectStore))]
    public async Task Open_KnownLocation_GivesItsStore(string location, Type type)
    {
        await using var store = new ObjectStoreResolver().Open(location);

        Assert.IsType(type, store);
    }

    [Theory]
    [InlineData("file:///data/my%20set", "/data/my set")]
    [InlineData("file://localhost/data", "/data")]
    public async Task Open_FileUri_IsDecoded(string location, string path)
    {
        await using var store = new ObjectStoreResolver().Open(location);

        Assert.Equal(Path.GetFullPath(path), store.Location);
    }

    [Theory]
    [InlineData("s3://bucket/set", "TorchStreaming.Storage.S3")]
    [InlineData("s3://bucket/set", "call ObjectStoreResolver.Default.AddS3()")]
    [InlineData("gs://bucket/set", "TorchStreaming.Storage.GoogleCloud and call ObjectStoreResolver.Default.AddGoogleCloud()")]
    [InlineData("oci://bucket@space/set", "TorchStreaming.Storage.S3")]
    [InlineData("azure://account/container/set", "TorchStreaming.Storage.Azure")]
    [InlineData("azure-dl://container/set", "TorchStreaming.Storage.Azure and call ObjectStoreResolver.Default.AddAzure()")]
    [InlineData("gopher://user:topsecret@host/set?topsecret#topsecret", "gopher://host/set")]
    [InlineData("dbfs:/Volumes/x", "dbfs:/Volumes/x")]
    public void Open_UnknownScheme_NamesTheRemedyAndNoSecret(string location, string part)
    {
        var error = Assert.Throws<StorageException>(() => new ObjectStoreResolver().Open(location));

        Assert.Equal(StorageErrorKind.NotSupported, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", error.ToString() + error.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RegisteredScheme_CallsItsFactory()
    {
        var resolver = new ObjectStoreResolver();
        var expected = new InMemoryObjectStore();
        var seen = "";
        resolver.Register("s3", (location, _) =>
        {
            seen = location;
            return expected;
        });

        Assert.Same(expected, resolver.Open("S3://My_Bucket/set?x=1"));
        Assert.Equal("S3://My_Bucket/set?x=1", seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("http://")]
    [InlineData("file://elsewhere/data")]
    public void Open_MalformedLocation_IsArgumentError(string location) =>
        Assert.ThrowsAny<ArgumentException>(() => new ObjectStoreResolver().Open(location));

    [Theory]
    [InlineData("s3://bucket/set", "train", "s3://bucket/set/train")]
    [InlineData("s3://bucket/set/", "a/b", "s3://bucket/set/a/b")]
    [InlineData("https://h/set?sig=1#f", "train", "https://h/set/train?sig=1#f")]
    [InlineData("s3://bucket/set", "", "s3://bucket/set")]
    public void Append_Folder_GoesInFrontOfTheQuery(string location, string folder, string expected) =>
        Assert.Equal(expected, ObjectStoreLocation.Append(location, folder));

    [Theory]
    [InlineData("../other")]
    [InlineData("/absolute")]
    public void Append_FolderOutside_IsArgumentError(string folder) =>
        Assert.ThrowsAny<ArgumentException>(() => ObjectStoreLocation.Append("s3://bucket/set", folder));

    [Theory]
    [InlineData("https://u:p@h:1/a/b?c#d", "https://h:1/a/b")]
    [InlineData("https://h?c", "https://h")]
    [InlineData("oci://bucket@space/a?c", "oci://bucket@space/a")]
    [InlineData("/plain/path?x", "/plain/path?x")]
    public void WithoutSecrets_Location_KeepsWhatMayBeShown(string location, string expected) =>
        Assert.Equal(expected, ObjectStoreLocation.WithoutSecrets(location));
}
