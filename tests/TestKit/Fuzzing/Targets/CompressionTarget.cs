// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Decompresses a file of one compression, and not further than what a valid one holds.</summary>
internal sealed class CompressionTarget(string family) : FuzzTarget
{
    private const int MostBytes = 1 << 22;

    public override string Name => family;

    public override bool IsTyped(Exception exception) => exception is InvalidDataException || base.IsTyped(exception);

    public override void Read(FuzzInput input, string scratch)
    {
        using var decompressor = CompressionCodecs.Get(family).OpenDecompressor(new MemoryStream(input.Files[0]));
        var buffer = new byte[1 << 14];
        var total = 0L;
        for (int read; total < MostBytes && (read = decompressor.Read(buffer)) > 0;)
        {
            total += read;
        }
    }

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        var random = new Random(1);
        var noise = new byte[5_000];
        random.NextBytes(noise);
        byte[] words = [.. Enumerable.Range(0, 20_000).Select(i => (byte)(random.Next(4) + (i / 5_000)))];
        yield return Compress("nothing", []);
        yield return Compress("zeros", new byte[100_000]);
        yield return Compress("noise", noise);
        yield return Compress("words", words);
        yield return Compress("mixed", [.. noise, .. new byte[70_000], .. words]);
    }

    private FuzzInput Compress(string name, byte[] content)
    {
        using var output = new MemoryStream();
        using (var compressor = CompressionCodecs.Get(family).OpenCompressor(output, null, content.Length))
        {
            compressor.Write(content);
        }

        return new FuzzInput(name, [output.ToArray()]);
    }
}
