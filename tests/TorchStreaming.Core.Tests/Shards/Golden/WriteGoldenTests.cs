// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Golden;

[Trait("Category", GoldenData.Category)]
public sealed class WriteGoldenTests : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [GoldenFact]
    public async Task Writer_GivenTheEncodedValuesOfEveryRecordedDataset_WritesTheSameBytes()
    {
        var count = 0;
        foreach (var dataset in GoldenDataset.All().Where(static dataset => WritesAsOneDataset(dataset)))
        {
            await using (var writer = await CreateWriter(dataset))
            {
                // One dataset was given bytes that no encoder writes, for example numbers with underscores.
                var verbatim = dataset.Name == "mds-raw-bytes";
                await WriteSamples(
                    dataset,
                    writer,
                    (encoding, _, bytes) => verbatim || encoding is FieldEncoding<ReadOnlySpan<byte>> ? bytes : encoding.ReadObject(bytes));
            }

            Compare(dataset);
            count++;
        }

        GoldenData.AssertMoreThan(80, count);
    }

    [GoldenFact]
    public async Task Writer_GivenTheRecordedValues_WritesTheSameBytes()
    {
        foreach (var dataset in GoldenDataset.All().Where(static dataset => WritesAsOneDataset(dataset)))
        {
            // What the recording does not hold (images, large arrays, pickles) is given as it was encoded.
            await using (var writer = await CreateWriter(dataset))
            {
                var verbatim = dataset.Name == "mds-raw-bytes";
                await WriteSamples(
                    dataset,
                    writer,
                    (_, value, bytes) => !verbatim && value is { } recorded && GoldenValues.TryMake(recorded, out var made) ? made : bytes);
            }

            Compare(dataset);
        }
    }

    /// <summary>Converters and merges write with arguments that are not recorded or into several places.</summary>
    private static bool WritesAsOneDataset(GoldenDataset dataset) =>
        dataset.Expected.TryGetProperty("writer", out var writer) && writer.ValueKind == JsonValueKind.String
            && dataset.Expected.TryGetProperty("writer_args", out var arguments) && arguments.ValueKind == JsonValueKind.Object;

    private async Task<DatasetWriter> CreateWriter(GoldenDataset dataset)
    {
        var arguments = dataset.Expected.GetProperty("writer_args");
        var options = new DatasetWriterOptions
        {
            ExistOk = true,
            CompressionScheme = arguments.TryGetProperty("compression", out var compression) && compression.GetString() is { } scheme
                ? CompressionScheme.Parse(scheme)
                : null,
            Hashes = arguments.TryGetProperty("hashes", out var hashes)
                ? [.. hashes.EnumerateArray().Select(static name => name.GetString()!)]
                : ImmutableArray<string>.Empty,
        };
        if (arguments.TryGetProperty("size_limit", out var limit))
        {
            options = options with
            {
                SizeLimit = limit.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.String => ByteSize.Parse(limit.GetString()!),
                    _ => limit.GetInt64(),
                },
            };
        }

        var newline = arguments.TryGetProperty("newline", out var line) ? line.GetString()! : "\n";
        var folder = _scratch.Combine("out");
        return dataset.Expected.GetProperty("format").GetString() switch
        {
            "mds" => await MdsWriter.CreateAsync(folder, dataset.Columns, options),
            "json" => await JsonlWriter.CreateAsync(folder, dataset.Columns, newline, options),
            "csv" => await XsvWriter.CreateCsvAsync(folder, dataset.Columns, newline, options),
            "tsv" => await XsvWriter.CreateTsvAsync(folder, dataset.Columns, newline, options),
            _ => await XsvWriter.CreateAsync(folder, dataset.Columns, arguments.GetProperty("separator").GetString()!, newline, options),
        };
    }

    private async Task WriteSamples(GoldenDataset dataset, DatasetWriter writer, Func<FieldEncoding, JsonElement?, byte[], object?> convert)
    {
        var recorded = dataset.Expected.GetProperty("samples").EnumerateArray().ToArray();
        var next = 0;
        foreach (var shard in dataset.ReadIndex().Shards)
        {
            using var reader = dataset.OpenShard(shard, _scratch.Path);
            for (var i = 0; i < reader.SampleCount; i++, next++)
            {
                await writer.WriteAsync(ReadSample(reader, i, recorded[next], convert));
            }
        }

        await writer.CompleteAsync();
    }

    private static Dictionary<string, object?> ReadSample(
        ShardReader reader, int index, JsonElement recorded, Func<FieldEncoding, JsonElement?, byte[], object?> convert)
    {
        var sample = reader.GetSample(index, new FieldRange[reader.Schema.Columns.Length]);
        var values = new Dictionary<string, object?>();
        for (var i = 0; i < reader.Schema.Columns.Length; i++)
        {
            var name = reader.Schema.Columns[i].Name;
            var encoding = FieldEncodings.ForColumn(reader.Schema, i);
            var value = recorded.TryGetProperty("values", out var all) ? all.GetProperty(name) : (JsonElement?)null;
            values[name] = convert(encoding, value, sample[i].ToArray());
            if (reader.Schema.Format != "mds" && values[name] is byte[] bytes)
            {
                values[name] = encoding.ReadObject(bytes);
            }
        }

        return values;
    }

    private void Compare(GoldenDataset dataset)
    {
        var index = dataset.ReadIndex();
        var folder = _scratch.Combine("out");
        var written = DatasetIndex.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")), "index.json");
        if (index.Shards.All(static shard => shard.Compression is null))
        {
            var expected = File.ReadAllText(Path.Combine(dataset.DataFolder, "index.json"));
            Assert.Equal($"{dataset.Name} {expected}", $"{dataset.Name} {File.ReadAllText(Path.Combine(folder, "index.json"))}");
        }

        Assert.Equal(index.Shards.Length, written.Shards.Length);
        for (var i = 0; i < index.Shards.Length; i++)
        {
            Assert.Equal(index.Shards[i].Compression, written.Shards[i].Compression);
            for (var file = 0; file < index.Shards[i].Files.Length; file++)
            {
                var (expected, actual) = (index.Shards[i].Files[file], written.Shards[i].Files[file]);
                var place = $"{dataset.Name} {expected.Raw.Basename}";
                Assert.Equal(expected.Raw.Basename, actual.Raw.Basename);
                Assert.Equal(expected.Zip?.Basename, actual.Zip?.Basename);
                Assert.Equal(Describe(place, expected.Raw), Describe(place, actual.Raw));
                Assert.Equal(
                    Convert.ToHexString(Decompress(index.Shards[i], Path.Combine(dataset.DataFolder, expected.Stored.Basename))),
                    Convert.ToHexString(Decompress(written.Shards[i], Path.Combine(folder, actual.Stored.Basename))));
            }
        }
    }

    private static byte[] Decompress(ShardInfo shard, string path)
    {
        using var input = File.OpenRead(path);
        using var content = shard.Compression is { } scheme ? CompressionScheme.Parse(scheme).Codec.OpenDecompressor(input) : input;
        using var output = new MemoryStream();
        content.CopyTo(output);
        return output.ToArray();
    }

    private static string Describe(string place, ShardFileInfo file) =>
        new StringBuilder($"{place} {file.Bytes} ")
            .AppendJoin(' ', file.Hashes.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            .ToString();
}
