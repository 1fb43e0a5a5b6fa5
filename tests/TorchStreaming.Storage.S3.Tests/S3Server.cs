// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

/// <summary>The S3 server that <c>.ci/servers</c> starts.</summary>
internal static class S3Server
{
    public const string Variable = "TORCHSTREAMING_TEST_S3";

    public static Uri Address => new(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : "http://127.0.0.1:9");

    public static S3StoreOptions Options =>
        new() { Endpoint = Address, AccessKey = "S3RVER", SecretKey = "S3RVER", PartSize = S3StoreOptions.MinimumPartSize };

    public static S3ObjectStore Open(S3StoreOptions? options = null) => new($"s3://torchstreaming/{Guid.NewGuid():N}", options ?? Options);
}
