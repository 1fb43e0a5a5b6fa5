// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public async Task Verify_EveryRecordedDataset_IsSound()
    {
        foreach (var dataset in GoldenDataset.All())
        {
            var run = await ToolRun.InvokeAsync("verify", dataset.DataFolder, "--hashes", "--decode", "--workers", "2", "--json");

            Assert.True(run.ExitCode == 0, $"{dataset.Name}: {run.Output}{run.Error}");
            var report = run.Json();
            Assert.Equal(report.GetProperty("samples").GetInt64(), report.GetProperty("checked_samples").GetInt64());
            Assert.Empty(report.GetProperty("unlisted_files").EnumerateArray());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("zstd:3")]
    public async Task Verify_MissingFile_IsNamed(string? compression)
    {
        var folder = await WriteAsync(compression);
        File.Delete(Stored(folder, 1));

        var run = await ToolRun.InvokeAsync("verify", folder);

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.StartsWith("shard.00001.mds", Assert.Single(run.Lines), StringComparison.Ordinal);
        Assert.Contains("1 problem", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ByteChanged_IsSeenByTheHashAlone()
    {
        var folder = await WriteAsync(null);
        Flip(Stored(folder, 0), ^1);

        (await ToolRun.InvokeAsync("verify", folder)).AssertSuccess();
        var problem = Assert.Single(await FindAsync(folder, "--hashes"));

        Assert.Equal("shard.00000.mds", problem.GetProperty("file").GetString());
        Assert.Contains("its sha1 is", problem.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_CompressedFileCutOff_IsAProblemOfTheFile()
    {
        var folder = await WriteAsync("gz");
        var bytes = File.ReadAllBytes(Stored(folder, 0));
        File.WriteAllBytes(Stored(folder, 0), bytes[..^10]);

        var problem = Assert.Single(await FindAsync(folder));

        Assert.Equal("shard.00000.mds.gz", problem.GetProperty("file").GetString());
        Assert.Contains("its size is", problem.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OffsetsDamaged_NamesTheSampleInTheDataset()
    {
        var folder = await WriteAsync(null);
        Flip(Stored(folder, 1), 4 + 4 + 3);

        var problems = await FindAsync(folder);

        Assert.NotEmpty(problems);
        Assert.All(problems, problem => Assert.Equal("shard.00001.mds", problem.GetProperty("file").GetString()));
        Assert.Equal(SamplesPerShard(folder), problems[0].GetProperty("sample").GetInt64());
    }

    [Fact]
    public async Task Verify_ValueDamaged_IsSeenByDecode()
    {
        var folder = _directory.Combine("data");
        var columns = new Dictionary<string, string> { ["image"] = "jpeg", ["note"] = "json" };
        await using (var writer = await MdsWriter.CreateAsync(folder, columns))
        {
            await writer.WriteAsync(new Dictionary<string, object?> { ["image"] = "no image"u8.ToArray(), ["note"] = "{"u8.ToArray() });
            await writer.CompleteAsync();
        }

        (await ToolRun.InvokeAsync("verify", folder)).AssertSuccess();
        var problems = await FindAsync(folder, "--decode");

        Assert.Equal(["image", "note"], problems.Select(problem => problem.GetProperty("column").GetString()));
        Assert.All(problems, problem => Assert.Equal(0, problem.GetProperty("sample").GetInt64()));
    }

    [Fact]
    public async Task Verify_ShardOutsideTheIndex_IsNamedButDoesNoHarm()
    {
        var folder = await WriteAsync(null);
        File.Copy(Stored(folder, 0), Path.Combine(folder, "shard.00077.mds"));

        var run = (await ToolRun.InvokeAsync("verify", folder)).AssertSuccess();

        Assert.Contains("shard.00077.mds: not in the index", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("zstd:3")]
    public async Task Verify_RepairIndex_MakesTheSameIndex(string? compression)
    {
        var folder = await WriteAsync(compression);
        var index = Path.Combine(folder, "index.json");
        var expected = File.ReadAllText(index);
        File.WriteAllText(index, "{");

        (await ToolRun.InvokeAsync("verify", folder)).AssertError(ExitCodes.Failure, "index.json");
        (await ToolRun.InvokeAsync("verify", folder, "--repair-index", "--hashes")).AssertSuccess();

        Assert.Equal(expected, File.ReadAllText(index));
        Assert.Equal("{", File.ReadAllText(index + ".bak"));
    }

    [Fact]
    public async Task Verify_RepairIndexOfAUrl_IsRefused() =>
        (await ToolRun.InvokeAsync("verify", "https://localhost/x", "--repair-index"))
            .AssertError(ExitCodes.Failure, "not a local folder");

    [Fact]
    public async Task Merge_TwoFolders_IsASoundDataset()
    {
        var (a, b) = (await WriteAsync(null, "parts/a"), await WriteAsync("gz", "parts/b"));

        var merged = (await ToolRun.InvokeAsync("merge", _directory.Combine("parts"), "--json")).Json();
        (await ToolRun.InvokeAsync("verify", _directory.Combine("parts"), "--hashes", "--decode")).AssertSuccess();

        Assert.Equal(2 * Samples, merged.GetProperty("samples").GetInt64());
        Assert.True(File.Exists(Path.Combine(a, "index.json")) && File.Exists(Path.Combine(b, "index.json")));
        (await ToolRun.InvokeAsync("merge", _directory.Combine("parts"))).AssertError(ExitCodes.Failure, "has an index already");
        var one = (await ToolRun.InvokeAsync("merge", _directory.Combine("parts"), "b/", "--overwrite", "--json")).Json();
        Assert.Equal(Samples, one.GetProperty("samples").GetInt64());
    }

    [Fact]
    public async Task Merge_NothingThere_Fails() =>
        (await ToolRun.InvokeAsync("merge", _directory.Path)).AssertError(ExitCodes.Failure, "index.json");

    private const int Samples = 50;

    private static string Stored(string folder, int shard) =>
        Directory.GetFiles(folder, "shard.*").Order(StringComparer.Ordinal).ElementAt(shard);

    private static void Flip(string path, Index at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 0x40;
        File.WriteAllBytes(path, bytes);
    }

    private static long SamplesPerShard(string folder)
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        return index.RootElement.GetProperty("shards")[0].GetProperty("samples").GetInt64();
    }

    private static async Task<JsonElement[]> FindAsync(string folder, params string[] options)
    {
        var run = await ToolRun.InvokeAsync(["verify", folder, "--json", .. options]);
        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        using var report = JsonDocument.Parse(run.Output);
        Assert.False(report.RootElement.GetProperty("valid").GetBoolean());
        return [.. report.RootElement.Clone().GetProperty("problems").EnumerateArray()];
    }

    private async Task<string> WriteAsync(string? compression, string name = "data")
    {
        var folder = _directory.Combine(name);
        var options = new DatasetWriterOptions
        {
            CompressionScheme = compression is null ? null : CompressionScheme.Parse(compression),
            Hashes = ["sha1"],
            SizeLimit = new ByteSize(400),
        };
        var columns = new Dictionary<string, string> { ["id"] = "int", ["text"] = "str" };
        await using var writer = await MdsWriter.CreateAsync(folder, columns, options);
        for (var i = 0; i < Samples; i++)
        {
            await writer.WriteAsync(new Dictionary<string, object?> { ["id"] = i, ["text"] = $"sample {i}" });
        }

        await writer.CompleteAsync();
        return folder;
    }
}
