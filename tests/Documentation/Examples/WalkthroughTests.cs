// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>The walk-through runs, and the notebook beside it, which <c>tests/Packaging</c> runs in the kernel, has the same steps and the outputs of
/// all of them.</summary>
[Collection(ProcessCollection.Name)]
public sealed class WalkthroughTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "examples");

    private static readonly string[] Source = File.ReadAllLines(Path.Combine(Folder, "walkthrough.cs"));

    [Fact]
    public async Task Walkthrough_Run_PrintsWhatThePageSays()
    {
        // Lines such as "#:project" are for the command that runs a single file; the tests' own references stand in for them.
        var text = string.Join('\n', Source.Where(static line => !line.StartsWith('#')));
        using var program = SnippetCompiler.Compile(new CodeBlock("examples/walkthrough.cs", 1, ["csharp"], [], "", text));
        program.Position = 0;
        var context = new AssemblyLoadContext("walkthrough", isCollectible: true);
        var (console, printed) = (Console.Out, new StringWriter());
        try
        {
            Console.SetOut(printed);
            var entry = context.LoadFromStream(program).EntryPoint!;
            object?[] arguments = entry.GetParameters().Length == 0 ? [] : [Array.Empty<string>()];
            await (entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null) as Task ?? Task.CompletedTask);
        }
        finally
        {
            Console.SetOut(console);
            context.Unload();
        }

        // The last line has the times of a run.
        var lines = printed.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "how-to", "notebooks.md"));
        Assert.Equal(5, lines.Length);
        Assert.Contains(string.Join('\n', lines[..^1]), page.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Notebook_OfTheWalkthrough_HasTheSameStepsInOrder()
    {
        // The last step is what stands in for a notebook outside of one.
        var steps = string.Join('\n', Source).Split("// ## ")[1..^1].Select(SplitStep).ToArray();
        var usings = Source.TakeWhile(static line => !line.StartsWith("// ## ", StringComparison.Ordinal))
            .Where(static line => line.StartsWith("using ", StringComparison.Ordinal));

        Assert.Equal(
            ["#r \"nuget: TorchStreaming.Interactive\"\n\n" + string.Join('\n', usings), .. steps.Select(static step => step.Code)],
            Cells("code").Select(static cell => Text(cell, "source")));
        Assert.Equal(steps.Select(static step => step.Text), Cells("markdown").Skip(1).Select(static cell => Text(cell, "source")));
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

    /// <summary>Splits a step into its title with the comment after it, as a notebook has it, and its code.</summary>
    private static (string Text, string Code) SplitStep(string step)
    {
        var lines = step.Trim().Split('\n');
        var comments = lines.Skip(1).TakeWhile(static line => line.StartsWith("// ", StringComparison.Ordinal)).ToArray();
        return (string.Join('\n', ["## " + lines[0], .. comments.Select(static line => line[3..])]), string.Join('\n', lines[(1 + comments.Length)..]));
    }

    private static JsonElement[] Cells(string type)
    {
        using var notebook = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "walkthrough.ipynb")));
        return [.. notebook.RootElement.Clone().GetProperty("cells").EnumerateArray().Where(cell => cell.GetProperty("cell_type").GetString() == type)];
    }

    private static string Text(JsonElement cell, string name) => string.Concat(cell.GetProperty(name).EnumerateArray().Select(static line => line.GetString()));
}
