// SPDX-License-Identifier: MIT

using Amazon.Runtime;
using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

public sealed class S3SettingsTests
{
    private readonly Dictionary<string, string> _environment = [];

    [Theory]
    [InlineData("AWS_ENDPOINT_URL")]
    [InlineData("AWS_ENDPOINT_URL_S3")]
    [InlineData("S3_ENDPOINT_URL")]
    public void Endpoint_Variable_IsTakenWithPathStyle(string variable)
    {
        _environment[variable] = "https://minio.example:9000";

        var settings = Resolve("s3://bucket");

        Assert.Equal("https://minio.example:9000/", settings.Endpoint!.AbsoluteUri);
        Assert.True(settings.PathStyle);
    }

    [Fact]
    public void Endpoint_SeveralVariables_UpstreamsOwnWins()
    {
        _environment["AWS_ENDPOINT_URL"] = "https://c.example";
        _environment["AWS_ENDPOINT_URL_S3"] = "https://b.example";
        _environment["S3_ENDPOINT_URL"] = "https://a.example";

        Assert.Equal("a.example", Resolve("s3://bucket").Endpoint!.Host);
        Assert.Equal("d.example", Resolve("s3://bucket", new S3StoreOptions { Endpoint = new Uri("https://d.example") }).Endpoint!.Host);
    }

    [Fact]
    public void Endpoint_NoVariable_IsAmazonsWithTheBucketInTheHost()
    {
        var settings = Resolve("s3://bucket");

        Assert.Null(settings.Endpoint);
        Assert.False(settings.PathStyle);
    }

    [Fact]
    public void Endpoint_VariableThatIsNoAddress_IsArgumentError()
    {
        _environment["S3_ENDPOINT_URL"] = "minio:9000";

        Assert.Throws<ArgumentException>(() => Resolve("s3://bucket"));
    }

    [Fact]
    public void Google_HmacKeys_GoToGoogleAlone()
    {
        _environment["GCS_KEY"] = "GOOG";
        _environment["GCS_SECRET"] = "SECRET";
        _environment["S3_ENDPOINT_URL"] = "https://elsewhere.example";

        var settings = Resolve("gs://bucket");

        Assert.Equal("storage.googleapis.com", settings.Endpoint!.Host);
        Assert.Equal("auto", settings.Region);
        Assert.Equal("GOOG", settings.Credentials!.GetCredentials().AccessKey);
    }

    [Fact]
    public void Google_NoHmacKeys_IsUnauthenticated()
    {
        var error = Assert.Throws<StorageException>(() => Resolve("gs://bucket"));

        Assert.Equal(StorageErrorKind.Unauthenticated, error.Kind);
    }

    [Fact]
    public void Oracle_NamespaceAndRegion_MakeTheEndpoint()
    {
        _environment["OCI_REGION"] = "eu-frankfurt-1";

        Assert.Equal("space.compat.objectstorage.eu-frankfurt-1.oraclecloud.com", Resolve("oci://bucket@space/x").Endpoint!.Host);
        Assert.Throws<ArgumentException>(() => Resolve("oci://bucket/x"));
        _environment["OCI_NAMESPACE"] = "other";
        Assert.Equal("other.compat.objectstorage.eu-frankfurt-1.oraclecloud.com", Resolve("oci://bucket/x").Endpoint!.Host);
        _environment["OCI_REGION"] = "evil.example/";
        Assert.Throws<ArgumentException>(() => Resolve("oci://bucket/x"));
    }

    [Theory]
    [InlineData("bucket", true)]
    [InlineData("other, bucket ,third", true)]
    [InlineData("buckets", false)]
    [InlineData("", false)]
    public void RequesterPays_ListOfBuckets_IsRead(string list, bool expected)
    {
        _environment["MOSAICML_STREAMING_AWS_REQUESTER_PAYS"] = list;

        Assert.Equal(expected, Resolve("s3://bucket").RequesterPays);
    }

    [Fact]
    public void Anonymous_OnlyWhenNobodyNamesCredentials()
    {
        Assert.True(Resolve("s3://bucket").MayBeAnonymous);
        Assert.False(Resolve("s3://bucket", new S3StoreOptions { Anonymous = false }).MayBeAnonymous);
        Assert.IsType<AnonymousAWSCredentials>(Resolve("s3://bucket", new S3StoreOptions { Anonymous = true }).Credentials);
        _environment["AWS_PROFILE"] = "team";
        Assert.False(Resolve("s3://bucket").MayBeAnonymous);
    }

    [Fact]
    public void Keys_OneWithoutTheOther_IsArgumentError() =>
        Assert.Throws<ArgumentException>(() => Resolve("s3://bucket", new S3StoreOptions { AccessKey = "a" }));

    [Fact]
    public void Options_AsText_ShowNoKey()
    {
        var text = new S3StoreOptions { AccessKey = "AKIA-VISIBLE", SecretKey = "SECRET", SessionToken = "SECRET", Endpoint = new Uri("https://u:SECRET@h/") }.ToString();

        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AKIA-VISIBLE", text, StringComparison.Ordinal);
    }

    private S3Settings Resolve(string uri, S3StoreOptions? options = null) =>
        S3Settings.Resolve(S3Address.Parse(uri), options ?? new S3StoreOptions(), name => _environment.GetValueOrDefault(name));
}
