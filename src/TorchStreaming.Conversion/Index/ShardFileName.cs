// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>What the name of a shard's file says, for example <c>shard.00012.csv.meta.gz</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Shard">The shard's number.</param>
/// <param name="Format">The format.</param>
/// <param name="IsMeta">Whether it is the file of offsets.</param>
/// <param name="Compression">The family of its compression, or <see langword="null"/>.</param>
internal sealed record ShardFileName(string Path, int Shard, string Format, bool IsMeta, string? Compression)
{
    /// <summary>Gets the name of the uncompressed file.</summary>
    public string RawName => IsMeta ? ShardNames.Meta(Shard, Format) : ShardNames.Data(Shard, Format);

    /// <summary>Takes a file's name apart.</summary>
    /// <returns>The parts, or <see langword="null"/> when it is not a shard's.</returns>
    public static ShardFileName? TryParse(string path)
    {
        var parts = System.IO.Path.GetFileName(path).Split('.');
        if (parts.Length < 3 || parts[0] != "shard" || !ShardFormats.Names.Contains(parts[2]) || parts[2] == ShardFormats.Tar
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var shard) || parts[1].Length < 5)
        {
            return null;
        }

        var rest = parts.AsSpan(3);
        var isMeta = rest is ["meta", ..];
        rest = isMeta ? rest[1..] : rest;
        return rest.Length switch
        {
            0 => new ShardFileName(path, shard, parts[2], isMeta, null),
            1 when CompressionCodecs.Families.Contains(rest[0]) => new ShardFileName(path, shard, parts[2], isMeta, rest[0]),
            _ => null,
        };
    }

    /// <summary>Opens the uncompressed content.</summary>
    public Stream OpenRaw()
    {
        var file = File.OpenRead(Path);
        return Compression is null ? file : new OwningStream(CompressionCodecs.Get(Compression).OpenDecompressor(file), file);
    }

    /// <summary>A decoder's stream that closes its file too.</summary>
    private sealed class OwningStream(Stream decoder, Stream file) : OneWayStream
    {
        public override bool CanRead => true;

        public override int Read(Span<byte> buffer) => decoder.Read(buffer);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                decoder.Dispose();
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
