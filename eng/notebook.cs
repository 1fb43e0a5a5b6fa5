#!/usr/bin/env dotnet
#:property PublishAot=false

// SPDX-License-Identifier: MIT
// Makes examples/walkthrough.ipynb of examples/walkthrough.cs: dotnet run eng/notebook.cs
//
// The steps are cells; their outputs are those of a run of the same code, which is started here with a mark before each step.

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

const string StepMark = "// ## ";
const string CellMark = "@cell";
const string HtmlMark = "@html ";

var root = Path.GetDirectoryName(Path.GetDirectoryName(GetThisFile()))!;
var source = await File.ReadAllTextAsync(Path.Combine(root, "examples", "walkthrough.cs"));
var head = source[..source.IndexOf(StepMark, StringComparison.Ordinal)];
var steps = source.Split(StepMark)[1..];

// In the repository, so that it is built as the walk-through is.
var folder = Directory.CreateDirectory(Path.Combine(root, "artifacts", "notebook"));
var marked = Path.Combine(folder.FullName, "walkthrough.cs");
await File.WriteAllTextAsync(marked, source
    .Replace("#:project ../", $"#:project {root}/", StringComparison.Ordinal)
    .Replace(StepMark, $"Console.WriteLine(\"{CellMark}\");\n{StepMark}", StringComparison.Ordinal));
var outputs = (await RunAsync(marked)).Split(CellMark + "\n")[1..];

var usings = string.Join('\n', head.Split('\n').Where(static line => line.StartsWith("using ", StringComparison.Ordinal)));
var cells = new JsonArray(
    Markdown("# A walk through TorchStreaming\n\nThe steps of `examples/walkthrough.cs`. No notebook kernel ran them: `dotnet run eng/notebook.cs` runs the "
        + "same code as a program and records what it shows, through the formatters that notebooks use."),
    Code("#r \"nuget: TorchStreaming.Core\"\n\n" + usings, "", 1));

// The last step is what stands in for a notebook outside of one.
for (var i = 0; i < steps.Length - 1; i++)
{
    var lines = steps[i].Trim().Split('\n');
    var comments = lines.Skip(1).TakeWhile(static line => line.StartsWith("// ", StringComparison.Ordinal)).ToArray();
    cells.Add(Markdown(string.Join('\n', ["## " + lines[0], .. comments.Select(static line => line[3..])])));
    cells.Add(Code(string.Join('\n', lines.Skip(1 + comments.Length)), outputs[i], i + 2));
}

var notebook = new JsonObject
{
    ["cells"] = cells,
    ["metadata"] = new JsonObject
    {
        ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
        ["language_info"] = new JsonObject { ["name"] = "C#" },
    },
    ["nbformat"] = 4,
    ["nbformat_minor"] = 4,
};
var options = new JsonSerializerOptions { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
await File.WriteAllTextAsync(Path.Combine(root, "examples", "walkthrough.ipynb"), notebook.ToJsonString(options) + "\n");
Console.WriteLine($"Wrote {cells.Count} cells");

static async Task<string> RunAsync(string program)
{
    var start = new ProcessStartInfo("dotnet", ["run", program]) { RedirectStandardOutput = true };
    start.Environment["WALKTHROUGH_HTML"] = "1";
    using var process = Process.Start(start)!;
    var output = await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    return process.ExitCode == 0 ? output.ReplaceLineEndings("\n") : throw new InvalidOperationException(output);
}

static JsonObject Markdown(string text) => new()
{
    ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = Lines(text),
};

static JsonObject Code(string text, string output, int number)
{
    var outputs = new JsonArray();
    foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
    {
        outputs.Add(line.StartsWith(HtmlMark, StringComparison.Ordinal)
            ? new JsonObject
            {
                ["output_type"] = "display_data",
                ["metadata"] = new JsonObject(),
                ["data"] = new JsonObject { ["text/html"] = Lines(line[HtmlMark.Length..]) },
            }
            : new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = Lines(line + "\n") });
    }

    return new JsonObject
    {
        ["cell_type"] = "code",
        ["execution_count"] = number,
        ["metadata"] = new JsonObject(),
        ["outputs"] = outputs,
        ["source"] = Lines(text),
    };
}

// Notebooks keep texts as lines with their ends.
static JsonArray Lines(string text)
{
    var lines = text.Split('\n');
    return [.. lines.Select((line, i) => JsonValue.Create(i < lines.Length - 1 ? line + "\n" : line)).Where(static line => line.GetValue<string>().Length > 0)];
}

static string GetThisFile([CallerFilePath] string path = "") => path;
