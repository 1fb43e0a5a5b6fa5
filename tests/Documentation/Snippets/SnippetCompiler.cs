// SPDX-License-Identifier: MIT

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Compiles a page's block as a program of its own, as a newcomer's project with implicit usings would.</summary>
internal static class SnippetCompiler
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using TorchStreaming;
        global using TorchSharp;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;
        global using static TorchSharp.torch.nn.functional;
        """;

    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]);

    /// <summary>Compiles a block.</summary>
    /// <param name="block">The block.</param>
    /// <returns>The program.</returns>
    /// <exception cref="Xunit.Sdk.XunitException">It does not compile.</exception>
    public static MemoryStream Compile(CodeBlock block)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp14);
        var usings = string.Join('\n', [Usings, .. block.Namespaces.Select(static name => $"global using {name};")]);
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [
                CSharpSyntaxTree.ParseText(usings, options),
                CSharpSyntaxTree.ParseText(Program(block), options, block.Page),
            ],
            References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        var program = new MemoryStream();
        var result = compilation.Emit(program);
        Assert.True(result.Success, $"{block} does not compile:\n{string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error))}");
        return program;
    }

    /// <summary>What the page takes as given comes first, but after the block's own usings, which C# wants on top.</summary>
    private static string Program(CodeBlock block)
    {
        var lines = block.Text.Split('\n');
        var usings = lines.TakeWhile(line => string.IsNullOrWhiteSpace(line) || line.StartsWith("//", StringComparison.Ordinal)
            || (line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("using var", StringComparison.Ordinal) && !line.Contains('(', StringComparison.Ordinal))).Count();
        return string.Join('\n', [.. lines[..usings], block.Given, $"#line {block.Line + 1 + usings} \"{block.Page}\"", .. lines[usings..], "return;"]);
    }
}
