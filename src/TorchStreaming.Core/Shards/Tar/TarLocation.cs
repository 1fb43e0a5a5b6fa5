// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>Takes locations apart that name tars: <c>s3://b/data/train-{000..146}.tar</c> is the folder <c>s3://b/data</c> and a
/// pattern.</summary>
internal static class TarLocation
{
    /// <summary>Takes a location apart.</summary>
    /// <param name="location">A path or URI.</param>
    /// <param name="folder">The folder, with the query of the location.</param>
    /// <param name="pattern">The name or pattern below it.</param>
    /// <returns>Whether the location names tars and not a folder.</returns>
    public static bool TrySplit(string location, out string folder, out string pattern)
    {
        var isUri = ObjectStoreLocation.GetScheme(location) is not null;
        var end = isUri ? location.AsSpan().IndexOfAny('?', '#') : -1;
        var path = end < 0 ? location : location[..end];
        (folder, pattern) = (location, "");
        if (!TarCompression.TryGet(path, out _) || (!isUri && Directory.Exists(path)))
        {
            return false;
        }

        var brace = path.IndexOf('{', StringComparison.Ordinal);
        var fixedPart = brace < 0 ? path : path[..brace];
        var slash = isUri || Path.DirectorySeparatorChar == '/'
            ? fixedPart.LastIndexOf('/')
            : fixedPart.LastIndexOfAny(['/', Path.DirectorySeparatorChar]);
        pattern = path[(slash + 1)..];
        folder = slash < 0 ? "." : slash == 0 ? "/" : path[..slash] + (end < 0 ? "" : location[end..]);
        return true;
    }
}
