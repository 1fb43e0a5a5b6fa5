// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Interop;

/// <summary>Datasets go from upstream's writers to our reader and from our writers to upstream's reader without a change.</summary>
public sealed class UpstreamInteropTests(UpstreamLibrary upstream) : IClassFixture<UpstreamLibrary>, IDisposable
{
    private const string AllHashes =
        "blake2b,blake2s,md5,sha1,sha224,sha256,sha384,sha3_224,sha3_256,sha3_384,sha3_512,sha512,xxh128,xxh32,xxh3_128,xxh3_64,xxh64";

    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [UpstreamTheory]
    [InlineData("mds", "", "")]
    [InlineData("mds", "", AllHashes)]
    [InlineData("mds", "br", "sha1,xxh64")]
    [InlineData("mds", "bz2:9", "md5")]
    [InlineData("mds", "gz:1", "sha256")]
    [InlineData("mds", "snappy", "xxh3_64")]
    [InlineData("mds", "zstd:3", "blake2b,xxh128")]
    [InlineData("json", "", "sha1")]
    [InlineData("json", "gz", "xxh64")]
    [InlineData("csv", "", "sha1")]
    [InlineData("csv", "zstd:19", "sha1,sha512")]
    [InlineData("tsv", "br:5", "")]
    [InlineData("xsv", "", "xxh32")]
    public async Task Datasets_BetweenUpstreamAndUs_KeepEveryValue(string format, string compression, string hashes)
    {
        var (theirs, ours) = (_scratch.Combine("theirs"), _scratch.Combine("ours"));
        var check = hashes.Split(',')[0];
        upstream.Write(theirs, format, compression, hashes);
        var written = upstream.Read(theirs, _scratch.Combine("theirs-local"), check);

        await Copy(theirs, ours, written);
        var read = upstream.Read(ours, _scratch.Combine("ours-local"), check);

        Assert.NotEmpty(written);
        Assert.Equal(written.Select(static sample => sample.ToString()), read.Select(static sample => sample.ToString()));
        CompareFiles(theirs, ours, compression);
    }

    // Compares each value that is read with what upstream found, and writes it again.
    private async Task Copy(string source, string target, JsonElement[] expected)
    {
        var cache = new StreamingDatasetOptions { Local = _scratch.Combine("cache") };
        await using var data = await StreamingDataset.OpenAsync(source, cache);
        Assert.Equal(expected.Length, data.Count);
        var shard = data.Indexes[0].Shards[0];
        await using var writer = await CreateWriter(target, shard);
        for (var i = 0; i < expected.Length; i++)
        {
            using var sample = data[i];
            var values = new Dictionary<string, object?>();
            for (var column = 0; column < sample.Columns.Length; column++)
            {
                var (name, encoding, _) = sample.Columns[column];
                var description = expected[i].GetProperty(name);

                // Core does not decode JPEG for tools: that the bytes are the same shows when upstream reads them again.
                var isJpeg = encoding is "jpeg" or "jpeg_array" or "list[jpeg]";
                var value = isJpeg ? sample.Bytes(name).ToArray() : sample.GetObject(name);
                if (!isJpeg)
                {
                    var (wanted, actual) = GoldenValues.Compare(description, value);
                    Assert.Equal($"sample {i} {name}: {wanted}", $"sample {i} {name}: {actual}");
                }

                values[name] = GoldenValues.TryMake(description, out var made) ? made : value;
            }

            await writer.WriteAsync(values);
        }

        await writer.CompleteAsync();
    }

    private static async Task<DatasetWriter> CreateWriter(string folder, ShardInfo shard)
    {
        var columns = shard.Schema.Columns.ToDictionary(static column => column.Name, static column => column.Encoding);
        var options = new DatasetWriterOptions
        {
            CompressionScheme = shard.Compression is { } compression ? CompressionScheme.Parse(compression) : null,
            Hashes = shard.Hashes,
            SizeLimit = new ByteSize(shard.SizeLimit!.Value),
        };
        return shard.Schema.Format switch
        {
            "mds" => await MdsWriter.CreateAsync(folder, columns, options),
            "json" => await JsonlWriter.CreateAsync(folder, columns, options: options),
            "csv" => await XsvWriter.CreateCsvAsync(folder, columns, options: options),
            "tsv" => await XsvWriter.CreateTsvAsync(folder, columns, options: options),
            _ => await XsvWriter.CreateAsync(folder, columns, shard.Schema.Separator!, options: options),
        };
    }

    // What is not compressed is the same to the byte, index included.
    private static void CompareFiles(string theirs, string ours, string compression)
    {
        var names = Names(theirs);
        Assert.Equal(names, Names(ours));
        if (compression.Length == 0)
        {
            Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(theirs, name)), File.ReadAllBytes(Path.Combine(ours, name))));
        }
    }

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(static path => Path.GetFileName(path)).Order()];
}
