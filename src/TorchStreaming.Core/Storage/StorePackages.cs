// SPDX-License-Identifier: MIT

using System.Collections.Frozen;

namespace TorchStreaming.Storage;

/// <summary>The packages that bring stores, each with a call <c>Add…()</c> of its name's last part.</summary>
internal static class StorePackages
{
    private const string Prefix = "TorchStreaming.Storage.";

    private static readonly FrozenDictionary<string, string> NameOfScheme = new Dictionary<string, string>
    {
        ["s3"] = "S3",
        ["oci"] = "S3",
        ["gs"] = "GoogleCloud",
        ["azure"] = "Azure",
        ["azure-dl"] = "Azure",
        ["az"] = "Azure",
        ["abfs"] = "Azure",
        ["abfss"] = "Azure",
        ["wasb"] = "Azure",
        ["wasbs"] = "Azure",
        ["ais"] = "AIStore",
        ["ais+s3"] = "AIStore",
        ["ais+gs"] = "AIStore",
        ["ais+az"] = "AIStore",
        ["ais+oc"] = "AIStore",
    }.ToFrozenDictionary();

    /// <summary>Says what opens a scheme; null where no package does.</summary>
    public static string? Remedy(string scheme)
    {
        if (!NameOfScheme.TryGetValue(scheme, out var name))
        {
            return null;
        }

        var remedy = $"Reference the package {Prefix}{name} and call {nameof(ObjectStoreResolver)}.{nameof(ObjectStoreResolver.Default)}"
            + $".Add{name}() at start.";
        return name == "GoogleCloud"
            ? $"{remedy} Those with HMAC keys set GCS_KEY and GCS_SECRET and may use {Prefix}S3 and AddS3() instead."
            : remedy;
    }
}
