// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class CacheCommandTests : IAsyncLifetime, IDisposable
{
    private const int Samples = 60;

    private readonly TemporaryDirectory _directory = new();

    private string Remote => _directory.Combine("remote");

    private string Cache => _directory.Combine("cache");

    private string Local => Path.Combine(Cache, "train");

    public async Task InitializeAsync() => await SmallDataset.WriteAsync(
        Path.Combine(Remote, "train"), Samples, textLength: 200, new DatasetWriterOptions { Hashes = ["xxh64"], SizeLimit = 3000 });

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Prefetch_Split_MakesAllShardsResidentOnce()
    {
        var first = await PrefetchAsync();
        var second = await PrefetchAsync();

        var shards = first.GetProperty("shard_count").GetInt32();
        Assert.InRange(shards, 4, 20);
        Assert.Equal(Local, first.GetProperty("directory").GetString());
        Assert.Equal(0, first.GetProperty("were_resident").GetInt32());
        Assert.Equal(shards, second.GetProperty("were_resident").GetInt32());
        Assert.Equal(0, second.GetProperty("downloaded_bytes").GetInt64());
        Assert.Equal(Files(Path.Combine(Remote, "train")), Files(Local));
    }

    [Fact]
    public async Task Prefetch_SomeShards_FetchesThoseAlone()
    {
        var made = await PrefetchAsync("--shards", "1:3", "--hash", "xxh64");

        Assert.Equal(2, made.GetProperty("shards").GetInt32());
        Assert.Equal(["index.json", "shard.00001.mds", "shard.00002.mds"], Files(Local));
    }

    [Fact]
    public async Task List_CacheInUse_SaysWhatLiesThereAndWhatIsLeased()
    {
        await PrefetchAsync("--shards", ":3");
        await using var dataset = await StreamingDataset.OpenAsync(Remote, new StreamingDatasetOptions { Local = Cache, Split = "train" });
        using var sample = dataset.GetSample(0);

        var stream = Assert.Single((await ToolRun.InvokeAsync("cache", "list", Cache, "--json")).Json().EnumerateArray());

        Assert.Equal(Local, stream.GetProperty("directory").GetString());
        Assert.Equal(Path.Combine(Remote, "train"), stream.GetProperty("remote").GetString());
        var shards = stream.GetProperty("shards").EnumerateArray().ToArray();
        Assert.Equal([true, false, false], shards.Select(static shard => shard.GetProperty("leased").GetBoolean()));
        Assert.All(shards, static shard => Assert.True(shard.GetProperty("whole").GetBoolean()));
        Assert.Equal(
            new DirectoryInfo(Local).GetFiles().Sum(static file => file.Length), stream.GetProperty("bytes").GetInt64());
        Assert.Contains("3 of", (await ToolRun.InvokeAsync("cache", "list", Cache)).AssertSuccess().Output, StringComparison.Ordinal);
        Assert.Contains(
            "shard.00002.mds", (await ToolRun.InvokeAsync("cache", "list", Cache, "--shards")).AssertSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trim_ToASize_DeletesTheLeastRecentlyUsedAndKeepsWhatIsLeased()
    {
        await PrefetchAsync("--workers", "1");
        await using var dataset = await StreamingDataset.OpenAsync(Remote, new StreamingDatasetOptions { Local = Cache, Split = "train" });
        using var sample = dataset.GetSample(0);
        foreach (var (number, lease) in Directory.GetFiles(Path.Combine(Local, ".torchstreaming"), "*.lease").Order().Index())
        {
            File.SetLastWriteTimeUtc(lease, new DateTime(2026, 1, 1).AddDays(number));
        }

        var index = new FileInfo(Path.Combine(Local, "index.json")).Length;
        var limit = index + (2 * new FileInfo(Path.Combine(Local, "shard.00000.mds")).Length) + 100;
        var trim = (await ToolRun.InvokeAsync("cache", "trim", Cache, "--to", $"{limit}", "--json")).Json();

        var left = Files(Local);
        Assert.Contains("shard.00000.mds", left);
        Assert.Contains(Files(Path.Combine(Remote, "train"))[^1], left);
        Assert.InRange(trim.GetProperty("remaining_bytes").GetInt64(), index, limit);
        Assert.Equal(new DirectoryInfo(Local).GetFiles().Sum(static file => file.Length), trim.GetProperty("remaining_bytes").GetInt64());

        (await ToolRun.InvokeAsync("cache", "trim", Cache, "--to", "0")).AssertSuccess();
        Assert.Equal(["index.json", "shard.00000.mds"], Files(Local));
    }

    [Fact]
    public async Task Trim_DataThatNobodyDownloaded_IsKept()
    {
        var before = Files(Path.Combine(Remote, "train"));

        var run = await ToolRun.InvokeAsync("cache", "trim", Remote, "--to", "1kb");

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Contains("nobody downloaded", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, Files(Path.Combine(Remote, "train")));
    }

    [Fact]
    public async Task Verify_DamagedFiles_AreNamedThenDeletedThenFetchedAgain()
    {
        await PrefetchAsync();
        Damage(Path.Combine(Local, "shard.00001.mds"), static bytes => bytes[100] ^= 1);
        await File.WriteAllTextAsync(Path.Combine(Local, "shard.00002.mds"), "short");
        await File.WriteAllTextAsync(Path.Combine(Local, $"shard.00003.mds.{Guid.NewGuid():N}.ts-tmp"), "half");

        var found = await ToolRun.InvokeAsync("cache", "verify", Cache, "--json");
        Assert.Equal(ExitCodes.Failure, found.ExitCode);
        var problems = JsonDocument.Parse(found.Output).RootElement.GetProperty("problems").EnumerateArray().ToArray();
        Assert.Equal(3, problems.Length);
        Assert.All(problems, static problem => Assert.False(problem.GetProperty("removed").GetBoolean()));

        var repaired = (await ToolRun.InvokeAsync("cache", "verify", Cache, "--repair", "--json")).Json();
        Assert.Equal(3, repaired.GetProperty("problems").EnumerateArray().Count(static problem => problem.GetProperty("removed").GetBoolean()));
        Assert.Empty((await ToolRun.InvokeAsync("cache", "verify", Cache, "--json")).Json().GetProperty("problems").EnumerateArray());
        await PrefetchAsync();
        Assert.Equal(
            DirectoryContents.Digest(Path.Combine(Remote, "train")),
            DirectoryContents.Digest(Local).Where(static pair => !pair.Key.StartsWith('.')));
    }

    [Fact]
    public async Task Verify_DamagedFileInUseOrOfTheOnlyCopy_IsNotDeleted()
    {
        await PrefetchAsync();
        await using var dataset = await StreamingDataset.OpenAsync(Remote, new StreamingDatasetOptions { Local = Cache, Split = "train" });
        using var sample = dataset.GetSample(0);
        foreach (var folder in (string[])[Local, Path.Combine(Remote, "train")])
        {
            var path = Path.Combine(folder, "shard.00000.mds");
            Damage(path, static bytes => bytes[^1] ^= 1);

            var run = await ToolRun.InvokeAsync("cache", "verify", folder, "--repair");

            Assert.Equal(ExitCodes.Failure, run.ExitCode);
            Assert.Contains("Not deleted", Assert.Single(run.Lines), StringComparison.Ordinal);
            Assert.True(File.Exists(path));
        }
    }

    [Fact]
    public async Task List_LinksOutOfTheCache_AreNotFollowed()
    {
        await PrefetchAsync();
        Directory.CreateSymbolicLink(Path.Combine(Cache, "elsewhere"), Remote);

        Assert.Single((await ToolRun.InvokeAsync("cache", "list", Cache, "--json")).Json().EnumerateArray());
        await ToolRun.InvokeAsync("cache", "trim", Cache, "--to", "0");
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Remote, "train"), "shard.*"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gz")]
    public async Task ListAndVerify_ComposersFirstFormat_AreSeenToo(string? compression)
    {
        var (remote, local) = (_directory.Combine("legacy"), _directory.Combine("legacy-cache"));
        LegacyDataset.Write(remote, 9, compression: compression);
        await using (var data = await StreamingDataset.OpenAsync(remote, new StreamingDatasetOptions { Local = local }))
        {
            for (var i = 0; i < data.Count; i++)
            {
                data[i].Dispose();
            }
        }

        var listed = (await ToolRun.InvokeAsync("cache", "list", local, "--json")).Json().GetRawText();
        var verified = (await ToolRun.InvokeAsync("cache", "verify", local, "--json")).Json();
        Assert.Contains("000000.mds", listed, StringComparison.Ordinal);
        Assert.Empty(verified.GetProperty("problems").EnumerateArray());

        await File.WriteAllTextAsync(Path.Combine(local, "000000.mds"), "short");
        var found = await ToolRun.InvokeAsync("cache", "verify", local, "--json");
        Assert.Equal(ExitCodes.Failure, found.ExitCode);
        Assert.Contains("000000.mds", found.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(local, "index.mds"), "damaged");
        found = await ToolRun.InvokeAsync("cache", "verify", local, "--json");
        Assert.Equal(ExitCodes.Failure, found.ExitCode);
        Assert.Contains("index.mds", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoSuchDirectory_IsAFailure() =>
        (await ToolRun.InvokeAsync("cache", "list", _directory.Combine("none"))).AssertError(ExitCodes.Failure, "none");

    private async Task<JsonElement> PrefetchAsync(params string[] options) =>
        (await ToolRun.InvokeAsync(["cache", "prefetch", Remote, "--split", "train", "--local", Cache, "--json", .. options])).Json();

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder).Select(static file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private static void Damage(string path, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
    }
}
