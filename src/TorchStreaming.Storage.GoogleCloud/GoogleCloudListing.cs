// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>Reads the JSON API's object resources.</summary>
internal static class GoogleCloudListing
{
    /// <summary>The fields asked for; everything else would only make pages longer.</summary>
    public const string ObjectFields = "name,size,generation,updated";

    /// <summary>The fields asked for of a page.</summary>
    public const string PageFields = $"nextPageToken,items({ObjectFields})";

    /// <summary>A page has at most 1 000 objects of about 1.2 KB.</summary>
    public const int BodyLimit = 16 << 20;

    public static ObjectInfo ReadObject(byte[] body, string location)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return ReadObject(json.RootElement);
        }
        catch (Exception error) when (IsMalformed(error))
        {
            throw CloudErrors.Malformed("look up", location, error);
        }
    }

    public static (List<ObjectInfo> Items, string? NextPage) ReadPage(byte[] body, string location)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var items = new List<ObjectInfo>();
            if (json.RootElement.TryGetProperty("items", out var array))
            {
                foreach (var item in array.EnumerateArray())
                {
                    items.Add(ReadObject(item));
                }
            }

            var next = json.RootElement.TryGetProperty("nextPageToken", out var token) ? token.GetString() : null;
            return (items, string.IsNullOrEmpty(next) ? null : next);
        }
        catch (Exception error) when (IsMalformed(error))
        {
            throw CloudErrors.Malformed("list", location, error);
        }
    }

    // Numbers of 64 bits are texts in Google's JSON.
    private static ObjectInfo ReadObject(JsonElement item) => new(
        item.GetProperty("name").GetString() ?? throw new FormatException("An object has no name."),
        long.Parse(item.GetProperty("size").GetString() ?? "", NumberStyles.None, CultureInfo.InvariantCulture),
        item.TryGetProperty("generation", out var generation) ? generation.GetString() : null,
        item.TryGetProperty("updated", out var updated) ? updated.GetDateTimeOffset() : null);

    private static bool IsMalformed(Exception error) =>
        error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException;
}
