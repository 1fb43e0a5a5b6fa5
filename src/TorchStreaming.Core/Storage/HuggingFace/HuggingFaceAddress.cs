// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A folder of a dataset on the hub: <c>hf://datasets/ORG/NAME[@REVISION]/path</c>.</summary>
/// <param name="Repository"><c>ORG/NAME</c>.</param>
/// <param name="Revision">A branch, tag, commit or ref.</param>
/// <param name="Prefix">What all keys start with: empty, or ending with <c>/</c>.</param>
internal sealed record HuggingFaceAddress(string Repository, string Revision, string Prefix)
{
    private const string DefaultRevision = "main";
    private const string Head = "hf://datasets/";

    public string Location => $"{Head}{Repository}{ShownRevision}/{Prefix}".TrimEnd('/');

    private string ShownRevision => Revision == DefaultRevision ? "" : "@" + Revision.Replace("/", "%2F", StringComparison.Ordinal);

    /// <summary>The address of a file, which the hub answers with the file or with a redirect to where it is.</summary>
    public Uri ResolveUri(Uri endpoint, string key) =>
        new($"{Root(endpoint)}/datasets/{Repository}/resolve/{Uri.EscapeDataString(Revision)}/{Escape(Prefix + key)}");

    /// <summary>The address of a folder's listing.</summary>
    public Uri TreeUri(Uri endpoint, string folder)
    {
        var path = folder.Length == 0 ? "" : "/" + Escape(folder);
        return new Uri($"{Root(endpoint)}/api/datasets/{Repository}/tree/{Uri.EscapeDataString(Revision)}{path}?recursive=true");
    }

    public static HuggingFaceAddress Parse(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        if (!uri.StartsWith(Head, StringComparison.OrdinalIgnoreCase))
        {
            throw Malformed();
        }

        var parts = uri[Head.Length..].TrimEnd('/').Split('/');
        if (parts.Length < 2)
        {
            throw Malformed();
        }

        var at = parts[1].IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? parts[1] : parts[1][..at];
        var revision = at < 0 ? DefaultRevision : Uri.UnescapeDataString(parts[1][(at + 1)..]);
        var path = 2;
        if (revision == "refs" && parts.Length >= 4)
        {
            // The hub's own refs have slashes: refs/pr/3, refs/convert/parquet.
            revision = $"refs/{parts[2]}/{parts[3]}";
            path = 4;
        }

        if (!IsName(parts[0]) || !IsName(name) || revision.Length == 0 || !ObjectKey.IsValid(revision))
        {
            throw Malformed();
        }

        return new HuggingFaceAddress($"{parts[0]}/{name}", revision, BucketAddress.PrefixOf(string.Join('/', parts[path..])));
    }

    private static string Root(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static bool IsName(string text) =>
        text is not ("" or "." or "..") && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static ArgumentException Malformed() =>
        new("The address is not of the form hf://datasets/ORG/NAME[@REVISION]/path. Only datasets are streamed.", "uri");
}
