// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.RegularExpressions;

namespace TorchStreaming.Storage;

/// <summary>Reads the hub's listing of a folder.</summary>
internal static partial class HuggingFaceTree
{
    /// <summary>A page has at most 1 000 entries of well under 1 KB.</summary>
    public const int BodyLimit = 16 << 20;

    /// <summary>Reads the files of a page; folders are left out.</summary>
    public static List<ObjectInfo> ReadPage(byte[] body, string location)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var files = new List<ObjectInfo>();
            foreach (var entry in json.RootElement.EnumerateArray())
            {
                if (entry.GetProperty("type").GetString() == "file")
                {
                    files.Add(ReadFile(entry));
                }
            }

            return files;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw CloudErrors.Malformed("list", location, error);
        }
    }

    /// <summary>Gets the address of the page that follows.</summary>
    public static Uri? NextPage(HttpResponseMessage response, Uri page, string location)
    {
        if (!response.Headers.TryGetValues("Link", out var links)
            || links.Select(static link => NextLink().Match(link)).FirstOrDefault(static match => match.Success) is not { } next)
        {
            return null;
        }

        // The token goes with every page, so the next one must be at the same server.
        return Uri.TryCreate(page, next.Groups["uri"].Value, out var uri)
            && Uri.Compare(uri, page, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
                ? uri
                : throw CloudErrors.Malformed("list", location);
    }

    private static ObjectInfo ReadFile(JsonElement entry)
    {
        // Large files are pointers in git; the content's hash is in the pointer.
        var isLarge = entry.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        var id = (isLarge ? lfs : entry).GetProperty("oid");
        var size = entry.GetProperty("size").GetInt64();
        return size >= 0
            ? new ObjectInfo(entry.GetProperty("path").GetString() ?? throw new FormatException(), size, $"\"{id.GetString()}\"")
            : throw new FormatException();
    }

    [GeneratedRegex("<(?<uri>[^>]+)>\\s*;\\s*rel=\"next\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NextLink();
}
