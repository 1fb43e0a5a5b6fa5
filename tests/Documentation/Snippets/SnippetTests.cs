// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Runtime.Loader;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Every block of C# in the pages compiles; those that say <c>run</c> are run, in an empty folder.</summary>
public sealed class SnippetTests
{
    private static readonly CodeBlock[] Snippets = [.. Markdown.Blocks().Where(block => block.Language is "csharp" or "cs")];

    public static TheoryData<string> Compiled => [.. Snippets.Where(IsServed).Select(block => block.ToString())];

    public static TheoryData<string> Run => [.. Snippets.Where(block => block.Runs && IsServed(block)).Select(block => block.ToString())];

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
        using var program = SnippetCompiler.Compile(Find(place));
        using var folder = new TemporaryDirectory();
        var before = Directory.GetCurrentDirectory();
        program.Position = 0;
        var context = new AssemblyLoadContext(place, isCollectible: true);
        try
        {
            Directory.SetCurrentDirectory(folder.Path);
            var entry = context.LoadFromStream(program).EntryPoint!;
            object?[] arguments = entry.GetParameters().Length == 0 ? [] : [Array.Empty<string>()];
            await (entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null) as Task ?? Task.CompletedTask);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            context.Unload();
        }
    }

    [Fact]
    public void Words_AfterTheLanguage_AreKnown()
        => Assert.All(Snippets, block => Assert.All(block.Info.Skip(1), word => Assert.Contains(word, (string[])["torch", "run"])));

    private static CodeBlock Find(string place) => Snippets.Single(block => block.ToString() == place);

    /// <summary>Without TorchSharp on the feed there is nothing that its blocks could be compiled against.</summary>
    private static bool IsServed(CodeBlock block)
#if TORCHSHARP
        => true;
#else
        => !block.NeedsTorchSharp;
#endif
}
