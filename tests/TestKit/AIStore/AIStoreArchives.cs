// SPDX-License-Identifier: MIT

using System.Formats.Tar;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace TorchStreaming.TestKit;

/// <summary>Archives as an <see cref="AIStoreServer"/> looks into them, and as tests make them.</summary>
public static class AIStoreArchives
{
    /// <summary>Makes a tar of files.</summary>
    public static byte[] Tar(params IEnumerable<(string Name, byte[] Content)> files)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Makes a zip of files.</summary>
    public static byte[] Zip(params IEnumerable<(string Name, byte[] Content)> files)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Gets the regular members of an archive; null for an object that is none.</summary>
    public static List<(string Path, byte[] Content)>? Members(string name, byte[] content)
    {
        if (name.EndsWith(".tar", StringComparison.Ordinal))
        {
            return TarMembers(new MemoryStream(content));
        }

        if (name.EndsWith(".tgz", StringComparison.Ordinal) || name.EndsWith(".tar.gz", StringComparison.Ordinal))
        {
            return TarMembers(new GZipStream(new MemoryStream(content), CompressionMode.Decompress));
        }

        return name.EndsWith(".zip", StringComparison.Ordinal) ? ZipMembers(content) : null;
    }

    internal static bool Matches(string path, string pattern, string mode) => mode switch
    {
        "prefix" => path.StartsWith(pattern, StringComparison.Ordinal),
        "suffix" => path.EndsWith(pattern, StringComparison.Ordinal),
        "substr" => path.Contains(pattern, StringComparison.Ordinal),
        "wdskey" => path[..(path.LastIndexOf('.') is var dot and > 0 ? dot : path.Length)] == pattern,
        _ => pattern is "" or "*" || Regex.IsMatch(path, pattern, RegexOptions.None, TimeSpan.FromSeconds(10)),
    };

    private static List<(string Path, byte[] Content)> TarMembers(Stream stream)
    {
        var members = new List<(string Path, byte[] Content)>();
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                using var content = new MemoryStream();
                entry.DataStream?.CopyTo(content);
                members.Add((entry.Name, content.ToArray()));
            }
        }

        return members;
    }

    private static List<(string Path, byte[] Content)> ZipMembers(byte[] bytes)
    {
        var members = new List<(string Path, byte[] Content)>();
        using var archive = new ZipArchive(new MemoryStream(bytes));
        foreach (var entry in archive.Entries)
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            members.Add((entry.FullName, content.ToArray()));
        }

        return members;
    }
}
