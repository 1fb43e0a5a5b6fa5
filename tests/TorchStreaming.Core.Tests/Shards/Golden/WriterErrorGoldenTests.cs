// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Golden;

[Trait("Category", GoldenData.Category)]
public sealed class WriterErrorGoldenTests : IDisposable
{
    private static readonly Dictionary<string, string> XAndY = new() { ["x"] = "int", ["y"] = "str" };

    private readonly TemporaryDirectory _scratch = new();
    private int _next;

    public void Dispose() => _scratch.Dispose();

    [GoldenFact]
    public async Task Writers_GivenEveryRecordedArgument_RefuseWhatUpstreamRefuses()
    {
        using var document = GoldenData.ReadJson("streaming", "shards", "writer-errors.json");
        foreach (var entry in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var name = entry.GetProperty("case").GetString()!;
            var exception = await Record.ExceptionAsync(() => Run(name));
            if (exception is NotSupportedException && !GoldenData.IsOwn)
            {
                continue;
            }

            if (entry.GetProperty("error").ValueKind == System.Text.Json.JsonValueKind.Null)
            {
                Assert.True(exception is null, $"{name}: {exception}");
            }
            else
            {
                Assert.True(exception is ArgumentException or StorageException, $"{name}: {exception?.ToString() ?? "no error"}");
            }
        }
    }

    private Task Run(string name) => name switch
    {
        "MDSWriter hashes unsorted [sha256, sha1]" => Mds(new() { Hashes = ["sha256", "sha1"] }),
        "MDSWriter hashes duplicate [sha1, sha1]" => Mds(new() { Hashes = ["sha1", "sha1"] }),
        "MDSWriter unknown hash" => Mds(new() { Hashes = ["crc32"] }),
        "MDSWriter unknown compression" => Mds(new() { Compression = "zstd:23" }),
        "MDSWriter compression empty string" => Mds(new() { Compression = null }),
        "MDSWriter size_limit negative" => Mds(new() { SizeLimit = -1 }),
        "MDSWriter size_limit 2**32" => Mds(new() { SizeLimit = 1L << 32 }),
        "MDSWriter size_limit 2**32-1" => Mds(new() { SizeLimit = (1L << 32) - 1 }),

        // Options are properties here, so an unknown one does not compile.
        "MDSWriter unknown kwarg" => throw new ArgumentException(name),
        "MDSWriter sample missing column" => Mds(new(), new() { ["x"] = 1 }),
        "MDSWriter sample extra column ignored" => Mds(new(), new() { ["x"] = 1, ["y"] = "a", ["z"] = 2 }),
        "MDSWriter int column given 4 raw bytes" => Mds(new(), new() { ["x"] = new byte[4], ["y"] = "a" }),
        "MDSWriter str column given int" => Mds(new(), new() { ["x"] = 1, ["y"] = 5 }),
        "JSONWriter int column given str" => Json("int", "1"),
        "JSONWriter unsupported encoding" => Json("bytes", "1"),
        "JSONWriter float column given int" => Json("float", 1),
        "JSONWriter int column given bool" => Json("int", true),
        "CSVWriter value containing separator" => Csv("s", "a,b"),
        "CSVWriter value containing newline" => Csv("s", "a\nb"),
        "CSVWriter column name containing separator" => Csv("a,b", "x"),
        "XSVWriter without separator" => Xsv(),
        "MDSWriter out directory exists and not empty" => Into(GoldenData.OwnPathOf("streaming", "shards", "mds-scalars", "data")),
        _ => throw new NotSupportedException($"The case '{name}' is not known to this test."),
    };

    private string Fresh() => _scratch.Combine((_next++).ToString(CultureInfo.InvariantCulture));

    private async Task Mds(DatasetWriterOptions options, Dictionary<string, object?>? sample = null) =>
        await Write(await MdsWriter.CreateAsync(Fresh(), XAndY, options), sample ?? new() { ["x"] = 1, ["y"] = "a" });

    private async Task Json(string encoding, object value) =>
        await Write(await JsonlWriter.CreateAsync(Fresh(), new Dictionary<string, string> { ["x"] = encoding }), new() { ["x"] = value });

    private async Task Csv(string column, string value) =>
        await Write(
            await XsvWriter.CreateCsvAsync(Fresh(), new Dictionary<string, string> { [column] = "str" }), new() { [column] = value });

    private async Task Xsv() => await XsvWriter.CreateAsync(Fresh(), XAndY, separator: null!);

    private static async Task Into(string directory) => await MdsWriter.CreateAsync(directory, XAndY);

    private static async Task Write(DatasetWriter writer, Dictionary<string, object?> sample)
    {
        await using (writer)
        {
            await writer.WriteAsync(sample);
            await writer.CompleteAsync();
        }
    }
}
