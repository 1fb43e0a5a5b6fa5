// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>The walk-through runs, and the notebook beside it has the same steps and the outputs of all of them.</summary>
[Collection(ProcessCollection.Name)]
public sealed class WalkthroughTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "examples");

    private static readonly string[] Source = File.ReadAllLines(Path.Combine(Folder, "walkthrough.cs"));

    [Fact]
    public async Task Walkthrough_Run_ReachesItsEnd()
    {
        // Lines such as "#:project" are for the command that runs a single file; the tests' own references stand in for them.
        var text = string.Join('\n', Source.Where(static line => !line.StartsWith('#')));
        using var program = SnippetCompiler.Compile(new CodeBlock("examples/walkthrough.cs", 1, ["csharp"], [], "", text));
        program.Position = 0;
        var context = new AssemblyLoadContext("walkthrough", isCollectible: true);
        try
        {
            var entry = context.LoadFromStream(program).EntryPoint!;
            object?[] arguments = entry.GetParameters().Length == 0 ? [] : [Array.Empty<string>()];
            await (entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null) as Task ?? Task.CompletedTask);
        }
        finally
        {
            context.Unload();
        }
    }

    [Fact]
    public void Notebook_OfTheWalkthrough_HasTheSameStepsInOrder()
    {
        // The last step is what stands in for a notebook outside of one.
        var steps = string.Join('\n', Source).Split("// ## ")[1..^1].Select(CodeOf);
        var usings = Source.Where(static line => line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("using var", StringComparison.Ordinal));
        var cells = Cells("code").Select(static cell => Text(cell, "source")).ToArray();

        Assert.Equal("#r \"nuget: TorchStreaming.Core\"\n\n" + string.Join('\n', usings.TakeWhile(static line => !line.Contains('(', StringComparison.Ordinal))), cells[0]);
        Assert.Equal(steps, cells[1..]);
    }

    [Fact]
    public void Notebook_Read_IsOfVersion4()
    {
        using var notebook = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "walkthrough.ipynb")));
        var root = notebook.RootElement;

        Assert.Equal(4, root.GetProperty("nbformat").GetInt32());
        Assert.Equal(4, root.GetProperty("nbformat_minor").GetInt32());
        Assert.Equal("C#", root.GetProperty("metadata").GetProperty("language_info").GetProperty("name").GetString());
        Assert.All(root.GetProperty("cells").EnumerateArray(), static cell => Assert.Equal(
            cell.GetProperty("cell_type").GetString() == "code" ? "cell_type execution_count metadata outputs source" : "cell_type metadata source",
            string.Join(' ', cell.EnumerateObject().Select(static member => member.Name).Order(StringComparer.Ordinal))));
        Assert.All(Cells("code").SelectMany(static cell => cell.GetProperty("outputs").EnumerateArray()), static output => Assert.Contains(
            string.Join(' ', output.EnumerateObject().Select(static member => member.Name).Order(StringComparer.Ordinal)),
            (string[])["data metadata output_type", "name output_type text"]));
    }

    [Fact]
    public void Notebook_StepsThatShowSomething_HaveOutputs()
    {
        var showing = Cells("code").Where(static cell => Text(cell, "source") is var text
            && (text.Contains("display(", StringComparison.Ordinal) || text.Contains("Console.", StringComparison.Ordinal))).ToArray();

        Assert.Equal(5, showing.Length);
        Assert.All(showing, static cell => Assert.NotEqual(0, cell.GetProperty("outputs").GetArrayLength()));
    }

    /// <summary>What follows the title and the comment of a step.</summary>
    private static string CodeOf(string step)
    {
        var lines = step.Trim().Split('\n')[1..];
        return string.Join('\n', lines.SkipWhile(static line => line.StartsWith("// ", StringComparison.Ordinal)));
    }

    private static JsonElement[] Cells(string type)
    {
        using var notebook = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "walkthrough.ipynb")));
        return [.. notebook.RootElement.Clone().GetProperty("cells").EnumerateArray().Where(cell => cell.GetProperty("cell_type").GetString() == type)];
    }

    private static string Text(JsonElement cell, string name) => string.Concat(cell.GetProperty(name).EnumerateArray().Select(static line => line.GetString()));
}
