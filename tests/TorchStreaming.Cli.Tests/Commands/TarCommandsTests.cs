// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class TarCommandsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Info_OfTars_ShowsSamplesAndFields()
    {
        SmallTars.Write(_directory.Path, 4, 3);

        var json = (await ToolRun.InvokeAsync("info", _directory.Combine("train-{0..1}.tar"), "--json")).Json();

        Assert.Equal((7, 2), (json.GetProperty("samples").GetInt32(), json.GetProperty("shards").GetInt32()));
        Assert.Equal("tar", json.GetProperty("formats")[0].GetString());
        Assert.Equal(["__key__", "id", "txt"], json.GetProperty("columns").EnumerateArray().Select(static c => c.GetProperty("name").GetString()));
        Assert.Contains("txt", (await ToolRun.InvokeAsync("info", _directory.Combine("train-0.tar"))).AssertSuccess().Output, StringComparison.Ordinal);
        Assert.Equal(3, (await ToolRun.InvokeAsync("cat", _directory.Combine("train-1.tar"), "--json")).AssertSuccess().Lines.Length);
        (await ToolRun.InvokeAsync("verify", _directory.Combine("train-1.tar"))).AssertSuccess();
    }

    [Fact]
    public async Task IndexTar_Folder_MakesADataSetOfIt()
    {
        SmallTars.Write(_directory.Path, 4, 3);

        var json = (await ToolRun.InvokeAsync("index", "tar", _directory.Path, "--dali", "--json")).Json();

        Assert.Equal((7, 2), (json.GetProperty("samples").GetInt32(), json.GetProperty("shards").GetInt32()));
        var lines = File.ReadAllLines(_directory.Combine("train-1.idx"));
        Assert.Equal("v1.2 3", lines[0]);
        Assert.Equal("id 2048 8 set/00004.id TXT 3072 6 set/00004.TXT", lines[1]);
        Assert.Equal(7, (await ToolRun.InvokeAsync("info", _directory.Path, "--json")).Json().GetProperty("samples").GetInt32());
        (await ToolRun.InvokeAsync("verify", _directory.Path, "--decode")).AssertSuccess();
        (await ToolRun.InvokeAsync("index", "tar", _directory.Path)).AssertError(ExitCodes.Failure, "index.json already");
        (await ToolRun.InvokeAsync("index", "tar", _directory.Path, "--overwrite")).AssertSuccess();
    }

    [Fact]
    public async Task IndexTar_NothingOrDamaged_SaysSo()
    {
        (await ToolRun.InvokeAsync("index", "tar", _directory.Path)).AssertError(ExitCodes.Failure, "no tar below");
        File.WriteAllBytes(_directory.Combine("a.tar"), new byte[100]);
        (await ToolRun.InvokeAsync("index", "tar", _directory.Path)).AssertError(ExitCodes.Failure, "cut off");
        Assert.False(File.Exists(_directory.Combine("index.json")));
    }

    [Fact]
    public async Task ConvertTar_ThereAndBack_KeepsEverySample()
    {
        SmallTars.Write(_directory.Combine("tars"), 4, 3);
        var (mds, tars) = (_directory.Combine("mds"), _directory.Combine("back"));

        var made = (await ToolRun.InvokeAsync(
            "convert", "tar", _directory.Combine("tars", "train-{0..1}.tar"), mds, "--encodings", "txt=str", "--json")).Json();
        Assert.Equal(7, made.GetProperty("samples").GetInt32());
        (await ToolRun.InvokeAsync("convert", "dataset", mds, tars, "--format", "tar")).AssertSuccess();

        await using var dataset = await StreamingDataset.OpenAsync(tars);
        for (var id = 0; id < 7; id++)
        {
            using var sample = dataset[id];
            Assert.Equal(SmallTars.KeyOf(id), sample.Get<string>("__key__"));
            Assert.Equal($"text {id}", System.Text.Encoding.UTF8.GetString(sample.Bytes("txt")));
            Assert.Equal(id, BitConverter.ToInt64(sample.Bytes("id")));
        }
    }

    [Fact]
    public async Task ConvertDataset_ToTar_NumbersSamplesAndWritesNumbersAsText()
    {
        await SmallDataset.WriteAsync(_directory.Combine("mds"), 5);
        (await ToolRun.InvokeAsync(
            "convert", "dataset", _directory.Combine("mds"), _directory.Combine("tars"), "--format", "tar", "--fields", "text=txt")).AssertSuccess();

        await using var dataset = await StreamingDataset.OpenAsync(_directory.Combine("tars"));
        using var sample = dataset[3];
        Assert.Equal(3.ToString("D9", CultureInfo.InvariantCulture), sample.Get<string>("__key__"));
        Assert.Equal("3", System.Text.Encoding.UTF8.GetString(sample.Bytes("id.cls")));
        Assert.Equal("text 3", System.Text.Encoding.UTF8.GetString(sample.Bytes("txt")));
    }

    [Fact]
    public async Task Help_OfTheCommands_ShowsExamples()
    {
        foreach (string[] command in new[] { new[] { "index", "tar" }, ["convert", "tar"], ["index"] })
        {
            Assert.Contains("torchstreaming index tar", (await ToolRun.InvokeAsync(["index", "tar", "--help"])).AssertSuccess().Output, StringComparison.Ordinal);
            Assert.Contains("xample", (await ToolRun.InvokeAsync([.. command, "--help"])).AssertSuccess().Output, StringComparison.Ordinal);
        }
    }
}
