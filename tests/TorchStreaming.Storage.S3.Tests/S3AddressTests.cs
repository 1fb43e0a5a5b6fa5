// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

public sealed class S3AddressTests
{
    [Theory]
    [InlineData("s3://bucket", "s3", "bucket", "", null)]
    [InlineData("S3://Bucket.With-Case/", "s3", "Bucket.With-Case", "", null)]
    [InlineData("s3://bucket/a/b/", "s3", "bucket", "a/b/", null)]
    [InlineData("s3://bucket/a?b#c", "s3", "bucket", "a?b#c/", null)]
    [InlineData("gs://bucket/a", "gs", "bucket", "a/", null)]
    [InlineData("oci://bucket/a", "oci", "bucket", "a/", null)]
    [InlineData("oci://bucket@space/a@b", "oci", "bucket", "a@b/", "space")]
    [InlineData("oci://bucket@space", "oci", "bucket", "", "space")]
    public void Parse_Address_HasItsParts(string uri, string scheme, string bucket, string prefix, string? tenancy)
    {
        var address = S3Address.Parse(uri);

        Assert.Equal((scheme, bucket, prefix, tenancy), (address.Scheme, address.Bucket, address.Prefix, address.Namespace));
    }

    [Theory]
    [InlineData("bucket/key")]
    [InlineData("http://bucket/key")]
    [InlineData("s3://")]
    [InlineData("s3:///key")]
    [InlineData("s3://AKIA:SECRET@bucket/key")]
    [InlineData("s3://bucket:443/key")]
    [InlineData("s3://bucket/a/../../b")]
    [InlineData("oci://bucket@/key")]
    [InlineData("oci://bucket@evil.example/key")]
    public void Parse_MalformedAddress_IsArgumentErrorWithoutTheSecret(string uri)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => S3Address.Parse(uri));

        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket/a/", "s3://bucket/a")]
    [InlineData("s3://bucket", "s3://bucket")]
    [InlineData("oci://bucket@space/a", "oci://bucket@space/a")]
    public void Location_OfTheAddress_NamesBucketAndPrefix(string uri, string location) => Assert.Equal(
        location, S3Address.Parse(uri).Location);
}
