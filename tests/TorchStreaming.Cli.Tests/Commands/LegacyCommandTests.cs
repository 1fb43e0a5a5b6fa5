// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary>Datasets in Composer's legacy format, in a folder and over HTTP, compressed and not.</summary>
public sealed class LegacyCommandTests : IAsyncLifetime
{
    private const int Samples = 23;

    private readonly TemporaryDirectory _directory = new();
    private ScriptedHttpServer _server = null!;

    private string Plain => _directory.Combine("data", "plain");

    private string Zipped => _directory.Combine("data", "zipped");

    private string Output => _directory.Combine("output");

    public async Task InitializeAsync()
    {
        LegacyDataset.Write(Plain, Samples, shardSizeLimit: 200);
        LegacyDataset.Write(Zipped, Samples, shardSizeLimit: 200, compression: "gz");
        _server = await ScriptedHttpServer.StartAsync();
        LegacyDataset.Serve(_server, Plain, "plain/");
        LegacyDataset.Serve(_server, Zipped, "zipped/");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    public static TheoryData<string, bool> Places => new()
    {
        { "plain", false },
        { "plain", true },
        { "zipped", false },
        { "zipped", true },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Info_LegacyDataset_ShowsWhatItsIndexKnows(string name, bool overHttp)
    {
        var info = (await ToolRun.InvokeAsync("info", Locate(name, overHttp), "--json")).Json();

        Assert.Equal(Samples, info.GetProperty("samples").GetInt32());
        Assert.Equal(26 * Samples, info.GetProperty("raw_bytes").GetInt32());
        Assert.Equal(name == "zipped" ? JsonValueKind.Null : JsonValueKind.Number, info.GetProperty("stored_bytes").ValueKind);
        Assert.Equal("legacy", info.GetProperty("formats")[0].GetString());
        var text = (await ToolRun.InvokeAsync("info", Locate(name, overHttp))).AssertSuccess().Output;
        Assert.Equal(name == "zipped", text.Contains("stored size  not recorded", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Cat_LegacyDataset_PrintsTheBytes(string name, bool overHttp)
    {
        var lines = (await ToolRun.InvokeAsync("cat", Locate(name, overHttp), "0", "-1", "--json", "--base64")).AssertSuccess().Lines;

        Assert.Equal(2, lines.Length);
        Assert.Contains(Convert.ToBase64String(LegacyDataset.Uid(0)), lines[0], StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(LegacyDataset.Uid(Samples - 1)), lines[1], StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(LegacyDataset.Data(Samples - 1)), lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(Zipped), static file => file.EndsWith(".mds", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Verify_SoundLegacyDataset_FindsNothing(string name, bool overHttp)
    {
        var found = (await ToolRun.InvokeAsync("verify", Locate(name, overHttp), "--decode", "--json")).Json();

        Assert.Equal(Samples, found.GetProperty("checked_samples").GetInt32());
        Assert.Empty(found.GetProperty("problems").EnumerateArray());
    }

    [Theory]
    [InlineData(-12)]
    [InlineData(-6)]
    public async Task Verify_FlippedZip_IsFoundByItsChecksum(int offset)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Zipped, "000001.mds.gz"));
        bytes[bytes.Length + offset] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(Zipped, "000001.mds.gz"), bytes);

        var run = await ToolRun.InvokeAsync("verify", Zipped, "--json");

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        using var found = JsonDocument.Parse(run.Output);
        Assert.Contains(
            "000001.mds", Assert.Single(found.RootElement.GetProperty("problems").EnumerateArray()).GetProperty("file").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task ConvertLegacy_AnyPlace_MakesTheSameSamplesInMds(string name, bool overHttp)
    {
        (await ToolRun.InvokeAsync(
            "convert", "legacy", Locate(name, overHttp), Output, "--encodings", "uid=str", "--compression", "gz")).AssertSuccess();

        var info = (await ToolRun.InvokeAsync("info", Output, "--json")).Json();
        Assert.Equal("mds", info.GetProperty("formats")[0].GetString());
        (await ToolRun.InvokeAsync("verify", Output, "--decode")).AssertSuccess();
        var lines = (await ToolRun.InvokeAsync("cat", Output, "--json", "--base64")).AssertSuccess().Lines;
        for (var i = 0; i < Samples; i++)
        {
            using var line = JsonDocument.Parse(lines[i]);
            var columns = line.RootElement.GetProperty("columns");
            Assert.Equal($"{i:D6}", columns.GetProperty("uid").GetString());
            Assert.Contains(Convert.ToBase64String(LegacyDataset.Data(i)), columns.GetProperty("data").GetRawText(), StringComparison.Ordinal);
        }

        Assert.Equal(Samples, lines.Length);
    }

    [Fact]
    public async Task Info_FolderOfLegacySplits_NamesThem() => (await ToolRun.InvokeAsync("info", _directory.Combine("data")))
        .AssertError(ExitCodes.Failure, "--split (plain, zipped)");

    private string Locate(string name, bool overHttp) => overHttp ? $"{_server.Address}{name}" : _directory.Combine("data", name);
}
