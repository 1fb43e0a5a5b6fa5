// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class ConvertDatasetCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public async Task Convert_EveryRecordedDatasetToMds_KeepsEverySample()
    {
        var cases = 0;
        foreach (var dataset in GoldenDataset.All())
        {
            var output = _directory.Combine($"out{cases++}");
            string[] options = ["--compression", "zstd:1", "--json", .. EncodingsOf(dataset)];
            var made = await ToolRun.InvokeAsync(["convert", "dataset", dataset.DataFolder, output, .. options]);
            if (dataset.ReadIndex().Shards.IsEmpty)
            {
                made.AssertError(ExitCodes.Failure, "has no shards");
                continue;
            }

            Assert.True(made.ExitCode == 0, $"{dataset.Name}: {made.Error}");
            (await ToolRun.InvokeAsync("verify", output, "--hashes", "--decode")).AssertSuccess();
            var (expected, actual) = (await CatAsync(dataset.DataFolder), await CatAsync(output));
            var difference = expected.Zip(actual).FirstOrDefault(pair => pair.First != pair.Second);
            Assert.True(expected.SequenceEqual(actual), $"{dataset.Name}: {difference}");
        }

        GoldenData.AssertMoreThan(0, cases);
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    [InlineData("tsv")]
    public async Task Convert_ThereAndBack_IsTheSame(string format)
    {
        var source = await WriteAsync(new Dictionary<string, string> { ["id"] = "int", ["score"] = "float64", ["text"] = "str" });
        var (text, back) = (_directory.Combine("text"), _directory.Combine("back"));

        (await ToolRun.InvokeAsync("convert", "dataset", source, text, "--format", format)).AssertSuccess();
        (await ToolRun.InvokeAsync("convert", "dataset", text, back)).AssertSuccess();

        (await ToolRun.InvokeAsync("verify", text, "--hashes", "--decode")).AssertSuccess();
        Assert.Equal(await CatAsync(source), await CatAsync(text));
        foreach (var file in Directory.GetFiles(source))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(back, Path.GetFileName(file))));
        }
    }

    [Fact]
    public async Task Convert_OptionsGiven_AreTheOutputs()
    {
        var source = await WriteAsync(new Dictionary<string, string> { ["id"] = "int" });

        string[] options = ["--compression", "gz:2", "--hashes", "sha1,md5", "--size-limit", "200"];
        (await ToolRun.InvokeAsync(["convert", "dataset", source, Output, .. options])).AssertSuccess();
        var info = (await ToolRun.InvokeAsync("info", Output, "--json")).Json();

        Assert.Equal(["gz:2"], info.GetProperty("compressions").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["md5", "sha1"], info.GetProperty("hashes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal([200], info.GetProperty("size_limits").EnumerateArray().Select(limit => limit.GetInt32()));
        (await ToolRun.InvokeAsync("verify", Output, "--hashes")).AssertSuccess();
    }

    [Fact]
    public async Task Convert_BytesToText_NamesTheColumnsAndWritesNothing()
    {
        var source = await WriteAsync(new Dictionary<string, string> { ["id"] = "int", ["raw"] = "bytes" });

        (await ToolRun.InvokeAsync("convert", "dataset", source, Output, "--format", "csv"))
            .AssertError(ExitCodes.Failure, "'raw' (bytes)");

        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task Convert_NumberTooLarge_NamesTheSample()
    {
        var source = _directory.Combine("source");
        await using (var writer = await JsonlWriter.CreateAsync(source, new Dictionary<string, string> { ["n"] = "int" }))
        {
            await writer.WriteAsync(new Dictionary<string, object?> { ["n"] = 1 });
            await writer.WriteAsync(new Dictionary<string, object?> { ["n"] = BigInteger.Pow(10, 30) });
            await writer.CompleteAsync();
        }

        (await ToolRun.InvokeAsync("convert", "dataset", source, Output)).AssertError(ExitCodes.Failure, "sample 1");
        (await ToolRun.InvokeAsync("convert", "dataset", source, Output, "--encodings", "n=str_int")).AssertSuccess();
        (await ToolRun.InvokeAsync("verify", Output, "--decode")).AssertSuccess();
    }

    [Fact]
    public async Task Convert_OverItself_IsRefused()
    {
        var source = await WriteAsync(new Dictionary<string, string> { ["id"] = "int" });

        (await ToolRun.InvokeAsync("convert", "dataset", source, source + "/", "--overwrite"))
            .AssertError(ExitCodes.Failure, "holds the dataset to convert");
        (await ToolRun.InvokeAsync("convert", "dataset", source, _directory.Path, "--overwrite"))
            .AssertError(ExitCodes.Failure, "holds the dataset to convert");

        (await ToolRun.InvokeAsync("verify", source)).AssertSuccess();
    }

    [Fact]
    public async Task Convert_DamagedSource_LeavesNothing()
    {
        var source = await WriteAsync(new Dictionary<string, string> { ["id"] = "int" });
        File.Delete(Directory.GetFiles(source, "shard.00001*")[0]);

        (await ToolRun.InvokeAsync("convert", "dataset", source, Output)).AssertError(ExitCodes.Failure, "shard.00001.mds");

        Assert.False(File.Exists(Path.Combine(Output, "index.json")));
        Assert.True(!Directory.Exists(Output) || Directory.GetFiles(Output).Length == 0);
    }

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public async Task ConvertLegacy_EveryRecordedDataset_KeepsEveryValue()
    {
        var cases = 0;
        foreach (var folder in Directory.GetDirectories(GoldenData.PathOf("composer-legacy", "data")).Order(StringComparer.Ordinal))
        {
            var output = _directory.Combine($"out{cases++}");
            if (!GoldenData.HasData(folder))
            {
                continue;
            }

            var compressed = File.Exists(Path.Combine(folder, LegacyIndex.CompressionFileName));
            if (!compressed && !File.Exists(Path.Combine(folder, LegacyIndex.FileName)))
            {
                continue;
            }

            var run = await ToolRun.InvokeAsync("convert", "legacy", folder, output, "--json");
            if (run.ExitCode != 0 && run.Error.Contains("has no shards", StringComparison.Ordinal))
            {
                continue;
            }

            Assert.True(run.ExitCode == 0, $"{folder}: {run.Error}");
            (await ToolRun.InvokeAsync("verify", output, "--decode")).AssertSuccess();
            if (!compressed)
            {
                AssertSameValues(folder, output);
            }
        }

        GoldenData.AssertMoreThan(0, cases);
    }

    private static void AssertSameValues(string legacy, string converted)
    {
        var source = LegacyIndex.Parse(File.ReadAllBytes(Path.Combine(legacy, LegacyIndex.FileName)), legacy, isCompressed: false);
        var made = DatasetIndex.Parse(File.ReadAllBytes(Path.Combine(converted, DatasetIndex.FileName)), converted);
        Assert.Equal(ReadAll(source, legacy), ReadAll(made, converted));
    }

    private static List<string> ReadAll(DatasetIndex index, string folder)
    {
        var values = new List<string>();
        foreach (var shard in index.Shards)
        {
            using var reader = ShardReaders.Open(shard, [.. shard.Files.Select(file => Path.Combine(folder, file.Raw.Basename))]);
            for (var sample = 0; sample < reader.SampleCount; sample++)
            {
                var columns = reader.Schema.Columns.Select((column, i) => (column.Name, Value: (byte[])reader.ReadValue(sample, i)!));
                values.AddRange(columns.OrderBy(column => column.Name, StringComparer.Ordinal)
                    .Select(column => $"{column.Name}={Convert.ToHexString(column.Value)}"));
            }
        }

        return values;
    }

    /// <summary>Whole numbers in text may have any number of digits.</summary>
    private static string[] EncodingsOf(GoldenDataset dataset)
    {
        var columns = dataset.ReadIndex().Shards is [{ Schema: { Format: not ShardFormats.Mds } schema }, ..] ? schema.Columns : [];
        var numbers = columns.Where(column => column.Encoding == "int").Select(column => $"{column.Name}=str_int").ToArray();
        return numbers.Length == 0 ? [] : ["--encodings", string.Join(',', numbers)];
    }

    private string Output => _directory.Combine("output");

    private static async Task<string[]> CatAsync(string folder) =>
        [.. (await ToolRun.InvokeAsync("cat", folder, "--json")).AssertSuccess().Lines.Select(Normalize)];

    /// <summary>Puts the columns, which formats order differently, into one order.</summary>
    private static string Normalize(string line)
    {
        using var document = JsonDocument.Parse(line);
        return string.Join(';', document.RootElement.EnumerateObject()
            .OrderBy(column => column.Name, StringComparer.Ordinal)
            .Select(column => $"{column.Name}={column.Value.GetRawText()}"));
    }

    private async Task<string> WriteAsync(Dictionary<string, string> columns)
    {
        var folder = _directory.Combine("source");
        var options = new DatasetWriterOptions { Hashes = ["sha1"], SizeLimit = new ByteSize(600) };
        await using var writer = await MdsWriter.CreateAsync(folder, columns, options);
        for (var i = 0; i < 100; i++)
        {
            await writer.WriteAsync(new Dictionary<string, object?>
            {
                ["id"] = (long)i - 50,
                ["score"] = i / 7.0,
                ["text"] = $"sample é {i}",
                ["raw"] = new byte[i],
            });
        }

        await writer.CompleteAsync();
        return folder;
    }
}
