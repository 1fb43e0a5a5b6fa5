// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>Reads buckets out of a cluster's JSON.</summary>
internal static class AISBuckets
{
    public static AISBucketName ReadName(JsonElement bucket)
    {
        var ns = bucket.TryGetProperty("namespace", out var given) && given.ValueKind == JsonValueKind.Object
            ? new AISNamespace(given.GetProperty("uuid").GetString() ?? "", given.GetProperty("name").GetString() ?? "")
            : default;
        return AISBucketName.Create(
            bucket.GetProperty("name").GetString() ?? "",
            bucket.TryGetProperty("provider", out var provider) ? provider.GetString() ?? "" : "",
            ns);
    }
}
