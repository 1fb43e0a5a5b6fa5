// SPDX-License-Identifier: MIT

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TorchStreaming.Packaging.Tests;

/// <summary>A notebook as Jupyter keeps it.</summary>
internal sealed class NotebookFile
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _path;
    private readonly JsonNode _root;

    public NotebookFile(string path)
    {
        _path = path;
        _root = JsonNode.Parse(File.ReadAllText(path))!;
    }

    /// <summary>Gets the code of the cells.</summary>
    public IReadOnlyList<string> Cells => [.. CodeCells.Select(static cell => string.Concat(cell["source"]!.AsArray().Select(static line => (string)line!)))];

    private IEnumerable<JsonNode> CodeCells => _root["cells"]!.AsArray().OfType<JsonNode>().Where(static cell => (string)cell["cell_type"]! == "code");

    /// <summary>Replaces what a cell has shown.</summary>
    /// <param name="cell">The cell, from 0.</param>
    /// <param name="outputs">What it showed.</param>
    public void Record(int cell, IEnumerable<KernelOutput> outputs)
    {
        var node = CodeCells.ElementAt(cell);
        node["execution_count"] = cell + 1;
        node["outputs"] = new JsonArray([.. outputs.Select(static output => output.MimeType == KernelOutput.Console
            ? new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = Lines(output.Text) }
            : new JsonObject
            {
                ["data"] = new JsonObject { [output.MimeType] = Lines(output.Text) },
                ["metadata"] = new JsonObject(),
                ["output_type"] = "display_data",
            })]);
    }

    /// <summary>Writes the file.</summary>
    public void Save() => File.WriteAllText(_path, _root.ToJsonString(Format) + "\n");

    /// <summary>Notebooks keep texts as lines with their ends.</summary>
    private static JsonArray Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return [.. lines.Select((line, i) => JsonValue.Create(i < lines.Length - 1 ? line + "\n" : line)).Where(static line => line.GetValue<string>().Length > 0)];
    }
}
