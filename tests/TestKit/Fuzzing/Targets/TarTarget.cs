// SPDX-License-Identifier: MIT

using System.Formats.Tar;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Reads every member of a tar, from a file and from a stream, as it is and with the checksums of its headers repaired, so that it
/// is not they that give the damage away.</summary>
internal sealed class TarTarget : FuzzTarget
{
    private const int BlockSize = 512;

    public override string Name => "tar";

    public override void Read(FuzzInput input, string scratch)
    {
        var path = Path.Combine(scratch, "tar");
        foreach (var bytes in new[] { input.Files[0], Repair(input.Files[0]) })
        {
            File.WriteAllBytes(path, bytes);
            Try(() => ReadFile(path));
            Try(() => ReadStream(bytes).GetAwaiter().GetResult());
        }
    }

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        foreach (var format in new[] { TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu })
        {
            yield return new FuzzInput(format.ToString(), [Write(format)]);
        }
    }

    private static void ReadFile(string path)
    {
        using var reader = new TarFileReader(path);
        while (reader.MoveNext())
        {
            _ = TarKey.TryParse(reader.Name, TarKeyRule.WebDataset, out _);
            _ = reader.Content.IndexOfAnyExcept((byte)0);
        }
    }

    private static async Task ReadStream(byte[] bytes)
    {
        var content = new byte[1024];
        await using var reader = new TarStreamReader(new MemoryStream(bytes), "tar");
        while (await reader.MoveNextAsync())
        {
            while (await reader.ReadAsync(content) > 0)
            {
            }
        }
    }

    private static byte[] Write(TarEntryFormat format)
    {
        using var output = new MemoryStream();
        using (var writer = new TarWriter(output, format))
        {
            foreach (var name in new[] { "a/0001.jpg", "a/0001.cls", $"{new string('d', 60)}/{new string('n', 60)}.json", "naïve.txt" })
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                    _ => new GnuTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(new string('x', name.Length * 11)));
                writer.WriteEntry(entry);
            }
        }

        return output.ToArray();
    }

    private static byte[] Repair(byte[] damaged)
    {
        var bytes = damaged.ToArray();
        for (var at = 0; at + BlockSize <= bytes.Length; at += BlockSize)
        {
            var block = bytes.AsSpan(at, BlockSize);
            if (block[257..262].SequenceEqual("ustar"u8))
            {
                TarBytes.Seal(block);
            }
        }

        return bytes;
    }
}
