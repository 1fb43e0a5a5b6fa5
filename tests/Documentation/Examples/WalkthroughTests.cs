// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>The walk-through runs, and the notebook beside it has the same steps and the outputs of all of them.</summary>
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
        var place = 0;
        foreach (var line in Cells("code").Skip(1).SelectMany(cell => Text(cell, "source").Split('\n')).Where(static line => line.Length > 0))
        {
            place = Array.IndexOf(Source, line, place) + 1;
            Assert.True(place > 0, $"The walk-through has no line '{line}' there: run eng/notebook.cs again.");
        }

        var left = Source[place..].SkipWhile(static line => line.Length == 0).First();
        Assert.Equal("// ## Outside notebooks", left);
    }

    [Fact]
    public void Notebook_StepsThatShowSomething_HaveOutputs()
    {
        var showing = Cells("code").Where(static cell => Text(cell, "source") is var text
            && (text.Contains("display(", StringComparison.Ordinal) || text.Contains("Console.", StringComparison.Ordinal))).ToArray();

        Assert.Equal(5, showing.Length);
        Assert.All(showing, static cell => Assert.NotEqual(0, cell.GetProperty("outputs").GetArrayLength()));
    }

    private static JsonElement[] Cells(string type)
    {
        using var notebook = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "walkthrough.ipynb")));
        return [.. notebook.RootElement.Clone().GetProperty("cells").EnumerateArray().Where(cell => cell.GetProperty("cell_type").GetString() == type)];
    }

    private static string Text(JsonElement cell, string name) => string.Concat(cell.GetProperty(name).EnumerateArray().Select(static line => line.GetString()));
}
