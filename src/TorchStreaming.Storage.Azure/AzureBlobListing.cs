// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace TorchStreaming.Storage;

/// <summary>Reads the service's listing of a container.</summary>
internal static class AzureBlobListing
{
    /// <summary>Objects of a page; each takes about 1 KB, and up to 8 KB of metadata more.</summary>
    public const int PageSize = 2000;

    public const int BodyLimit = 64 << 20;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public static (List<ObjectInfo> Items, string? NextMarker) ReadPage(byte[] body, string location)
    {
        try
        {
            using var text = new MemoryStream(body);
            using var reader = XmlReader.Create(text, Settings);
            var root = XDocument.Load(reader).Root!;
            var items = from blob in root.Element("Blobs")?.Elements("Blob") ?? [] where !IsFolder(blob) select ReadBlob(blob);
            return (items.ToList(), root.Element("NextMarker")?.Value is { Length: > 0 } marker ? marker : null);
        }
        catch (Exception error) when (error is XmlException or FormatException or OverflowException or InvalidOperationException)
        {
            throw CloudErrors.Malformed("list", location, error);
        }
    }

    /// <summary>A Data Lake lists its folders too, and Hadoop's tools make empty blobs for them.</summary>
    private static bool IsFolder(XElement blob) =>
        blob.Element("Properties")?.Element("ResourceType")?.Value == "directory"
        || (blob.Element("Metadata")?.Elements().Any(static entry =>
            entry.Name.LocalName.Equals("hdi_isfolder", StringComparison.OrdinalIgnoreCase) && entry.Value == "true") ?? false);

    private static ObjectInfo ReadBlob(XElement blob)
    {
        var name = blob.Element("Name") ?? throw new FormatException("A blob has no name.");
        var properties = blob.Element("Properties") ?? throw new FormatException("A blob has no properties.");
        return new ObjectInfo(
            name.Attribute("Encoded")?.Value == "true" ? Uri.UnescapeDataString(name.Value) : name.Value,
            long.Parse(properties.Element("Content-Length")?.Value ?? "", NumberStyles.None, CultureInfo.InvariantCulture),
            TagOf(properties.Element("Etag")?.Value),
            DateTimeOffset.TryParse(properties.Element("Last-Modified")?.Value, CultureInfo.InvariantCulture, out var time) ? time : null);
    }

    /// <summary>The listing leaves out the quotes that the header has.</summary>
    private static string? TagOf(string? tag) => tag is null || tag.StartsWith('"') ? tag : $"\"{tag}\"";
}
