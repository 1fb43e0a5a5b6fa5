// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Every block of C# in the pages compiles; those that say <c>run</c> are run, in an empty folder, and print what the page says they
/// do where a block <c>output</c> follows.</summary>
[Collection(ProcessCollection.Name)]
public sealed class SnippetTests
{
    private static readonly CodeBlock[] All = [.. Markdown.Blocks()];

    private static readonly CodeBlock[] Snippets = [.. All.Where(block => block.Language is "csharp" or "cs")];

    public static TheoryData<string> Compiled => [.. Snippets.Select(block => block.ToString())];

    public static TheoryData<string> Run => [.. Snippets.Where(static block => block.Runs).Select(block => block.ToString())];

    [Theory]
    [MemberData(nameof(Compiled))]
    public void Block_OfCSharp_Compiles(string place)
    {
        using var program = SnippetCompiler.Compile(Find(place));
        Assert.NotEqual(0, program.Length);
    }

    [Theory]
    [MemberData(nameof(Run))]
    public async Task Block_ThatSaysRun_Runs(string place)
    {
        var block = Find(place);
        using var program = SnippetCompiler.Compile(block);
        using var folder = new TemporaryDirectory();
        var (before, console, printed) = (Directory.GetCurrentDirectory(), Console.Out, new StringWriter());
        program.Position = 0;
        var context = new AssemblyLoadContext(place, isCollectible: true);
        try
        {
            Directory.SetCurrentDirectory(folder.Path);
            Console.SetOut(printed);
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            var entry = context.LoadFromStream(program).EntryPoint!;
            object?[] arguments = entry.GetParameters().Length == 0 ? [] : [Array.Empty<string>()];
            await (entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null) as Task ?? Task.CompletedTask);
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
            context.Unload();
        }

        if (OutputOf(block) is { } output)
        {
            var text = printed.ToString().ReplaceLineEndings("\n").TrimEnd();
            Assert.True(output.Text == text, $"{output} is not what the block before it prints:\n{text}");
        }
    }

    [Fact]
    public void Outputs_OfThePages_FollowBlocksThatAreRun()
        => Assert.Equal(
            All.Where(static block => block.Language == "output").Select(static block => block.ToString()),
            Snippets.Where(static block => block.Runs).Select(OutputOf).OfType<CodeBlock>().Select(static block => block.ToString()));

    [Fact]
    public void Words_AfterTheLanguage_AreKnown()
        => Assert.All(Snippets, block => Assert.All(block.Info.Skip(1), word => Assert.Contains(word, (string[])["run"])));

    /// <summary>What the page says that a block prints: the next block, if it is an output.</summary>
    private static CodeBlock? OutputOf(CodeBlock block)
        => All.SkipWhile(other => other != block).ElementAtOrDefault(1) is { Language: "output" } output && output.Page == block.Page ? output : null;

    private static CodeBlock Find(string place) => Snippets.Single(block => block.ToString() == place);
}
