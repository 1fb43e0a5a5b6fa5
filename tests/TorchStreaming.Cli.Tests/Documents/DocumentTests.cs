// SPDX-License-Identifier: MIT

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary>The whole JSON of each command: names and their order, numbers, nulls, and what is left out. Messages are <c>…</c>, times and rates
/// of this machine 0, and the folder of the test is <c>~</c>.</summary>
public sealed partial class DocumentTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TemporaryDirectory _directory = new();

    private string Data => _directory.Combine("data");

    private string Images => _directory.Combine("images");

    public async Task InitializeAsync()
    {
        await WriteAsync(
            Data,
            new() { ["n"] = "float64", ["t"] = "ndarray:int16", ["word"] = "str" },
            Enumerable.Range(0, 4).Select(static i => new Dictionary<string, object?>
            {
                ["n"] = i == 3 ? 1e20 : -5.0, ["t"] = NdArray.Create<short>([1, (short)-i, 7]), ["word"] = $"word {i}",
            }),
            new DatasetWriterOptions { SizeLimit = 310, Hashes = ["sha1", "xxh64"] });
        await WriteAsync(
            Images,
            new() { ["x"] = "pil" },
            Enumerable.Repeat(new Dictionary<string, object?> { ["x"] = new PilImage(2, 1, "RGB", new byte[] { 51, 102, 255, 51, 102, 255 }) }, 3));
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Json_OfADocument_IsIndentedByTwoWithUnixLineEnds()
    {
        var run = await ToolRun.InvokeAsync("cache", "trim", Data, "--to", "1gb", "--json");

        Assert.Equal("{\n  \"evicted_shards\": 0,\n  \"evicted_bytes\": 0,\n  \"remaining_bytes\": 0,\n  \"only_copy_bytes\": 0\n}\n", Bytes().Replace(run.Output, "$1: 0"));
    }

    [Fact]
    public async Task Info_AsJson_HasNullsForWhatIsNotKnown()
    {
        await AssertJsonAsync(
            """
            {"location":"~/data","samples":4,"shards":2,"raw_bytes":604,"stored_bytes":604,"formats":["mds"],"compressions":[null],
            "hashes":["sha1","xxh64"],"size_limits":[310],"columns":[{"name":"n","encoding":"float64","size":8},
            {"name":"t","encoding":"ndarray:int16","size":null},{"name":"word","encoding":"str","size":null}]}
            """,
            "info", Data);

        LegacyDataset.Write(_directory.Combine("legacy"), 9, compression: "gz");
        await AssertJsonAsync(
            """
            {"location":"~/legacy","samples":9,"shards":5,"raw_bytes":234,"stored_bytes":null,"formats":["legacy"],"compressions":["gz"],
            "hashes":[],"size_limits":[null],"columns":[{"name":"uid","encoding":"bytes","size":null},{"name":"data","encoding":"bytes","size":null}]}
            """,
            "info", _directory.Combine("legacy"));
    }

    [Fact]
    public async Task Stats_AsJson_LeavesOutWhatAColumnDoesNotHave()
    {
        await AssertJsonAsync(
            """
            {"samples":4,"measured":4,"columns":[{"name":"n","encoding":"float64","bytes":{"count":4,"mean":8,"std":0,"min":8,"max":8},
            "values":{"count":4,"mean":2.5E+19,"std":4.330127018922194E+19,"min":-5,"max":1E+20},
            "classes":{"-5":3,"1E+20":1}},{"name":"t","encoding":"ndarray:int16","bytes":{"count":4,"mean":8,"std":0,"min":8,"max":8},
            "lengths":{"count":4,"mean":3,"std":0,"min":3,"max":3},
            "elements":{"count":12,"mean":2.166666666666667,"std":3.624760528488591,"min":-3,"max":7}},
            {"name":"word","encoding":"str","bytes":{"count":4,"mean":6,"std":0,"min":6,"max":6}}]}
            """,
            "stats", Data);
        await AssertJsonAsync(
            """
            {"samples":3,"measured":3,"columns":[{"name":"x","encoding":"pil","bytes":{"count":3,"mean":21,"std":0,"min":21,"max":21},
            "images":{"width":{"count":3,"mean":2,"std":0,"min":2,"max":2},"height":{"count":3,"mean":1,"std":0,"min":1,"max":1},
            "mean":[0.2,0.4,1],"std":[0,0,0],"damaged":0}}]}
            """,
            "stats", Images);
    }

    [Fact]
    public async Task PeekAndBench_AsJson_HaveSamplesAndTrials()
    {
        await AssertJsonAsync(
            """{"file":"~/sheet.png","column":"x","width":22,"height":12,"samples":[0,1]}""",
            "peek", Images, "--count", "2", "--tile", "8", "--output", _directory.Combine("sheet.png"));
        await AssertJsonAsync(
            """
            {"trials":[{"threads":1,"samples_per_second":0,"bytes_per_second":0,"bottleneck":"…","first_batch_seconds":0}],"suggested_workers":1}
            """,
            "bench", Images, "--threads", "1", "--seconds", "0.01", "--batch-size", "1", "--crop", "16");
    }

    [Fact]
    public async Task Plan_AsJson_SaysWhatItsShuffleWasEstimatedFrom()
    {
        string[] plan =
        [
            "plan", "--samples", "10k", "--sample-size", "1kb", "--shard-size", "100kb", "--batch-size", "20", "--step-time", "10",
            "--shuffle-block-size", "5000",
        ];
        await AssertJsonAsync(
            """
            {"steps":500,"simulated_steps":500,"first_batch_seconds":0,"epoch_seconds":0,"samples_per_second":0,"wait_fraction":0,
            "steady_wait_fraction":0,"waiting_steps":2,"early_bytes":0,"downloaded_bytes":10240000,"downloaded_shards":100,
            "downloads_per_shard":1,"most_cached_bytes":10240000,"cache_limit_without_repeats":5427200,"shuffle":{"entropy":0,
            "entropy_of_full_shuffle":0,"same_shard_share":0.025302530253025302,"shards_per_stretch":100,"is_estimate":true,
            "estimated_from_samples":10000},"advice":["…"]}
            """,
            plan);
        await AssertJsonAsync(
            """
            {"steps":500,"simulated_steps":500,"first_batch_seconds":0,"epoch_seconds":0,"samples_per_second":0,"wait_fraction":0,
            "steady_wait_fraction":0,"waiting_steps":2,"early_bytes":0,"downloaded_bytes":10240000,"downloaded_shards":100,
            "downloads_per_shard":1,"most_cached_bytes":10240000,"cache_limit_without_repeats":5427200,"shuffle":{"entropy":0,
            "entropy_of_full_shuffle":0,"same_shard_share":0.025302530253025302,"shards_per_stretch":100,"is_estimate":false},
            "advice":["…"]}
            """,
            [.. plan, "--quality"]);
    }

    [Fact]
    public async Task DatasetsMade_AsJson_AreCounted()
    {
        await AssertJsonAsync(
            """{"location":"~","shards":2,"samples":4,"raw_bytes":604,"stored_bytes":604}""", "merge", _directory.Path, "data");
        await AssertJsonAsync(
            """{"location":"~/copy","format":"mds","shards":2,"samples":4,"raw_bytes":604,"stored_bytes":604}""",
            "convert", "dataset", Data, _directory.Combine("copy"));
        SmallTars.Write(_directory.Combine("tars"), 4, 3);
        await AssertJsonAsync(
            """{"location":"~/tars","shards":2,"samples":7,"stored_bytes":19913,"columns":["__key__","id","txt"]}""",
            "index", "tar", _directory.Combine("tars"));
        await AssertJsonAsync(
            """{"directory":"~/folder","images":2,"bytes":414,"classes":["circle","square"]}""",
            "synth", _directory.Combine("folder"), "--raw", "--images", "2", "--classes", "2", "--size", "8-8");
        File.WriteAllText(_directory.Combine("folder", "circle", "99999.txt"), "no image");
        await AssertJsonAsync(
            """
            [{"directory":"~/mds","samples":2,"shards":1,"classes":2,"raw_bytes":681,"stored_bytes":681,"resumed":0,
            "skipped":[{"path":"circle/99999.txt","reason":"…"}]}]
            """,
            "convert", "imagefolder", _directory.Combine("folder"), _directory.Combine("mds"), "--on-error", "skip");
    }

    [Fact]
    public async Task Verify_AsJson_NamesWhatIsWrong()
    {
        var broken = _directory.Combine("broken");
        await WriteAsync(broken, new() { ["image"] = "jpeg" }, [new() { ["image"] = "no image"u8.ToArray() }]);
        File.Copy(Path.Combine(broken, "shard.00000.mds"), Path.Combine(broken, "shard.00007.mds"));
        await AssertJsonAsync(
            """
            {"location":"~/broken","valid":false,"shards":1,"samples":1,"checked_samples":1,"checked_bytes":195,
            "problems":[{"file":"shard.00000.mds","sample":0,"column":"image","problem":"…"}],
            "unlisted_files":["shard.00007.mds"],"undecoded_columns":[]}
            """,
            "verify", broken, "--decode");

        File.Delete(Path.Combine(broken, "shard.00000.mds"));
        await AssertJsonAsync(
            """
            {"location":"~/broken","valid":false,"shards":1,"samples":1,"checked_samples":0,"checked_bytes":0,
            "problems":[{"file":"shard.00000.mds","problem":"…"}],"unlisted_files":["shard.00007.mds"],"undecoded_columns":[]}
            """,
            "verify", broken);
    }

    [Fact]
    public async Task Cache_AsJson_HasItsStreamsAndShards()
    {
        var cache = _directory.Combine("cache");
        await AssertJsonAsync(
            """{"directory":"~/cache","shards":1,"shard_count":2,"were_resident":0,"downloaded_bytes":302}""",
            "cache", "prefetch", Data, "--local", cache, "--shards", ":1");
        await AssertJsonAsync(
            """
            [{"directory":"~/cache","remote":"~/data","shard_count":2,"bytes":1152,"problem":null,
            "shards":[{"number":0,"name":"shard.00000.mds","bytes":302,"whole":true,"leased":false,"last_use":"…"}]}]
            """,
            "cache", "list", cache);
        await AssertJsonAsync("""{"valid":true,"streams":1,"files":1,"bytes":302,"unhashed_files":0,"problems":[]}""", "cache", "verify", cache);
        await File.WriteAllTextAsync(Path.Combine(cache, "shard.00000.mds"), "short");
        await AssertJsonAsync(
            """
            {"valid":false,"streams":1,"files":1,"bytes":5,"unhashed_files":0,
            "problems":[{"path":"~/cache/shard.00000.mds","problem":"…","removed":false}]}
            """,
            "cache", "verify", cache);
    }

    [Fact]
    public async Task Cat_AsJson_ShowsEveryKindOfValue()
    {
        var folder = _directory.Combine("values");
        await WriteAsync(
            folder,
            new()
            {
                ["<\"é\">"] = "str", ["json"] = "json", ["f2"] = "float16", ["f4"] = "float32", ["f8"] = "float64", ["i1"] = "int8",
                ["u8"] = "uint64", ["big"] = "str_int", ["decimal"] = "str_decimal", ["bytes"] = "bytes", ["array"] = "ndarray",
                ["list"] = "list[jpeg]",
            },
            [
                new()
                {
                    ["<\"é\">"] = "é <b> & \"q\" 'x' \\ \u0001 😀 + \u2028", ["json"] = "{\"z\": [1.0, 1e5, null], \"a\": \"\\u00e9/\"}"u8.ToArray(),
                    ["f2"] = (Half)1.5, ["f4"] = 0.1f, ["f8"] = 1e300, ["i1"] = (sbyte)-3, ["u8"] = ulong.MaxValue,
                    ["big"] = System.Numerics.BigInteger.Pow(10, 30), ["decimal"] = 1.50m, ["bytes"] = new byte[] { 0, 255, 254, 62, 63 },
                    ["array"] = NdArray.Create<float>([1, 2]), ["list"] = new byte[][] { [1], [2] },
                },
                new()
                {
                    ["<\"é\">"] = "", ["json"] = "[NaN]"u8.ToArray(), ["f2"] = Half.PositiveInfinity, ["f4"] = float.NaN,
                    ["f8"] = double.NegativeInfinity, ["i1"] = (sbyte)0, ["u8"] = 0UL, ["big"] = System.Numerics.BigInteger.Zero,
                    ["decimal"] = 0m, ["bytes"] = Array.Empty<byte>(), ["array"] = NdArray.Create<float>([3]), ["list"] = Array.Empty<byte[]>(),
                },
            ]);

        var run = (await ToolRun.InvokeAsync("cat", folder, "--json", "--base64")).AssertSuccess();

        Assert.Equal(
            """
            {"sample":0,"columns":{"<\"é\">":"é <b> & \"q\" 'x' \\ \u0001 \uD83D\uDE00 + \u2028",
            "array":{"kind":"float32 array","shape":[2],"bytes":8,"base64":"AACAPwAAAEA="},"big":1000000000000000000000000000000,
            "bytes":{"kind":"bytes","bytes":5,"base64":"AP/+Pj8="},"decimal":1.50,"f2":1.5,"f4":0.1,"f8":1E+300,"i1":-3,
            "json":{"z":[1.0,1e5,null],"a":"é/"},"list":[{"kind":"jpeg","bytes":1,"base64":"AQ=="},{"kind":"jpeg","bytes":1,"base64":"Ag=="}],
            "u8":18446744073709551615}}
            """.ReplaceLineEndings(""),
            run.Lines[0]);
        Assert.Equal(
            """
            {"sample":1,"columns":{"<\"é\">":"","array":{"kind":"float32 array","shape":[1],"bytes":4,"base64":"AABAQA=="},"big":0,
            "bytes":{"kind":"bytes","bytes":0,"base64":""},"decimal":0,"f2":"Infinity","f4":"NaN","f8":"-Infinity","i1":0,"json":"[NaN]",
            "list":[],"u8":0}}
            """.ReplaceLineEndings(""),
            run.Lines[1]);
    }

    [Fact]
    public async Task Cat_AsJson_HasDigestsFilesAndEachColumnOnce()
    {
        await AssertJsonAsync(
            """
            {"sample":0,"columns":{"x":{"kind":"RGB pixels","shape":[2,1],"bytes":6,
            "sha256":"0277315058643d227158d5dcb4d8567ac82ccffef34aa48bac9515ca4a51fb38","file":"~/files/00000000.x.png"}}}
            """,
            "cat", Images, "0", "--columns", "x,x", "--output", _directory.Combine("files"));
    }

    [GeneratedRegex("""("(?:first_batch_seconds|epoch_seconds|\w+_per_second|\w*wait_fraction|entropy\w*)"):[-0-9.E+]+""")]
    private static partial Regex Measured();

    [GeneratedRegex("""("(?:remaining|only_copy)_bytes"): \d+""")]
    private static partial Regex Bytes();

    [GeneratedRegex("""("(?:problem|reason|bottleneck|last_use)"):"(?:[^"\\]|\\.)+\x22""")]
    private static partial Regex Messages();

    [GeneratedRegex("""("advice"):\[".+"\]""")]
    private static partial Regex Advice();

    private async Task AssertJsonAsync(string expected, params string[] arguments)
    {
        var run = await ToolRun.InvokeAsync([.. arguments, "--json"]);

        using var document = JsonDocument.Parse(run.Output);
        var text = JsonSerializer.Serialize(document, Plain)
            .Replace(JsonEncodedText.Encode(_directory.Path, Plain.Encoder).ToString(), "~", StringComparison.Ordinal)
            .Replace(@"\\", "/", StringComparison.Ordinal);
        text = Advice().Replace(Messages().Replace(Measured().Replace(text, "$1:0"), "$1:\"…\""), "$1:[\"…\"]");
        Assert.Equal(expected.ReplaceLineEndings(""), text);
    }

    private static async Task WriteAsync(
        string folder, Dictionary<string, string> columns, IEnumerable<Dictionary<string, object?>> samples, DatasetWriterOptions? options = null)
    {
        await using var writer = await MdsWriter.CreateAsync(folder, columns, options ?? new DatasetWriterOptions());
        foreach (var sample in samples)
        {
            await writer.WriteAsync(sample);
        }

        await writer.CompleteAsync();
    }
}
