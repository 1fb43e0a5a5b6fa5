// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.IO.Hashing;
using TorchStreaming.Imaging;

namespace TorchStreaming.TestKit;

/// <summary>Decodes PNG, as it is and with the checksums of its chunks repaired, so that it is not they that give the damage away.</summary>
internal sealed class PngTarget : FuzzTarget
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;

    public override string Name => "png";

    public override void Read(FuzzInput input, string scratch)
    {
        Try(() => ImageTarget.Decode(input.Files[0]));
        Try(() => ImageTarget.Decode(Repair(input.Files[0])));
    }

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        var random = new Random(1);
        var pixels = new byte[3 * 13 * 17];
        random.NextBytes(pixels);
        using var rgb = new MemoryStream();
        PngWriter.WriteRgb(rgb, pixels, 13, 17);
        yield return new FuzzInput("rgb", [rgb.ToArray()]);
        using var gray = new MemoryStream();
        PngWriter.WriteGray(gray, pixels, 39, 17);
        yield return new FuzzInput("gray", [gray.ToArray()]);
        foreach (var path in Directory.GetFiles(GoldenData.PathOf("imaging"), "*.png").Order(StringComparer.Ordinal).Take(4))
        {
            yield return new FuzzInput(Path.GetFileName(path), [File.ReadAllBytes(path)]);
        }
    }

    private static byte[] Repair(byte[] damaged)
    {
        var bytes = damaged.ToArray();
        for (var at = (long)SignatureLength; at + ChunkOverhead <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)at));
            if (at + ChunkOverhead + length > bytes.Length)
            {
                break;
            }

            var covered = bytes.AsSpan((int)at + sizeof(uint), (int)length + sizeof(uint));
            var checksum = Crc32.HashToUInt32(covered);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((int)(at + sizeof(uint) + covered.Length)), checksum);
            at += ChunkOverhead + length;
        }

        return bytes;
    }
}
