// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary>Datasets without a common root, and sources behind a server.</summary>
public sealed class MergeCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Merge_FoldersAnywhere_CopiesThemBelowTheOutput()
    {
        await SmallDataset.WriteAsync(_directory.Combine("here", "a"), 20);
        await SmallDataset.WriteAsync(_directory.Combine("there", "b"), 30, firstId: 100);
        await SmallDataset.WriteAsync(_directory.Combine("out", "deep", "c"), 10, firstId: 200);
        string[] sources = [_directory.Combine("there", "b"), _directory.Combine("here", "a") + "/", _directory.Combine("out", "deep", "c")];

        var merged = (await ToolRun.InvokeAsync(["merge", .. sources, "--out", _directory.Combine("out"), "--workers", "3", "--json"])).Json();

        Assert.Equal(60, merged.GetProperty("samples").GetInt64());
        Assert.Equal([.. Range(100, 30), .. Range(0, 20), .. Range(200, 10)], Ids(_directory.Combine("out")));
        Assert.Equal(["a", "b", "deep", "index.json"], Names(_directory.Combine("out")));
        (await ToolRun.InvokeAsync("verify", _directory.Combine("out"), "--decode")).AssertSuccess();
        (await ToolRun.InvokeAsync(["merge", .. sources, "--out", _directory.Combine("out")]))
            .AssertError(ExitCodes.Failure, "has an index already");
        (await ToolRun.InvokeAsync(["merge", .. sources, "--out", _directory.Combine("out"), "--overwrite"])).AssertSuccess();
    }

    [Fact]
    public async Task Merge_TwoFoldersOfOneName_SaysSo()
    {
        await SmallDataset.WriteAsync(_directory.Combine("here", "a"), 5);
        await SmallDataset.WriteAsync(_directory.Combine("there", "a"), 5);

        var run = await ToolRun.InvokeAsync(
            "merge", _directory.Combine("here", "a"), _directory.Combine("there", "a"), "--out", _directory.Combine("out"));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("folder 'a'", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory.Combine("out", "a")));
    }

    [Fact]
    public async Task MergeConvertVerify_OverHttp_ReadTheServer()
    {
        await SmallDataset.WriteAsync(_directory.Combine("source"), 40);
        await SmallDataset.WriteAsync(_directory.Combine("near"), 10, firstId: 100);
        await using var server = await ScriptedHttpServer.StartAsync();
        foreach (var path in Directory.GetFiles(_directory.Combine("source")))
        {
            server.Put($"far/{Path.GetFileName(path)}", File.ReadAllBytes(path));
        }

        var url = $"{server.Address}far";
        var (both, converted) = (_directory.Combine("both"), _directory.Combine("converted"));
        (await ToolRun.InvokeAsync("merge", url, _directory.Combine("near"), "--out", both)).AssertSuccess();
        (await ToolRun.InvokeAsync("convert", "dataset", url, converted, "--compression", "gz", "--workers", "3")).AssertSuccess();
        (await ToolRun.InvokeAsync("verify", url, "--hashes", "--decode")).AssertSuccess();

        Assert.Equal([.. Range(0, 40), .. Range(100, 10)], Ids(both));
        Assert.Equal(Range(0, 40), Ids(converted));
        server.Remove("far/shard.00002.mds");
        var found = await ToolRun.InvokeAsync("verify", url);
        Assert.Equal(ExitCodes.Failure, found.ExitCode);
        Assert.Contains("shard.00002.mds", found.Output, StringComparison.Ordinal);
        (await ToolRun.InvokeAsync("convert", "dataset", url, _directory.Combine("none"))).AssertError(ExitCodes.Failure, "shard.00002.mds");
        Assert.False(File.Exists(_directory.Combine("none", "index.json")));
    }

    private static List<long> Ids(string folder)
    {
        using var dataset = StreamingDataset.Open(folder);
        return [.. new RecordSchema<long>(static sample => sample.Get<long>("id")).Read(dataset)[..]];
    }

    private static IEnumerable<long> Range(int start, int count) => Enumerable.Range(start, count).Select(static id => (long)id);

    private static IEnumerable<string> Names(string folder) =>
        Directory.GetFileSystemEntries(folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
