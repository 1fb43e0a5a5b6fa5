// SPDX-License-Identifier: MIT

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TorchStreaming.Tests.Meta;

/// <summary>Which files of a folder use types that other files of it declare, as the compiler sees it: named, inferred or inherited, with or
/// without a <c>using</c> line.</summary>
internal static class SourceArrows
{
    /// <summary>Finds the arrows.</summary>
    /// <param name="sources">Text by path, relative to the folder, with forward slashes.</param>
    /// <returns>Each pair of files once, with a type that the first uses and the second declares.</returns>
    public static IReadOnlyList<(string From, string To, string Type)> Find(IReadOnlyDictionary<string, string> sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None);
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(source.Value, options, source.Key)).ToArray();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).StartsWith("TorchStreaming", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Engine", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var arrows = new Dictionary<(string, string), string>();
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is not (SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax or InvocationExpressionSyntax))
                {
                    continue;
                }

                var symbol = model.GetSymbolInfo(node).Symbol;
                Add(tree.FilePath, symbol as ITypeSymbol ?? symbol?.ContainingType);
                Add(tree.FilePath, model.GetTypeInfo(node).Type);
            }
        }

        return [.. arrows.Select(static arrow => (arrow.Key.Item1, arrow.Key.Item2, arrow.Value))];

        void Add(string from, ITypeSymbol? type)
        {
            if (type is IArrayTypeSymbol array)
            {
                Add(from, array.ElementType);
                return;
            }

            if (type is not INamedTypeSymbol named)
            {
                return;
            }

            foreach (var argument in named.TypeArguments.Where(argument => argument is not ITypeParameterSymbol))
            {
                Add(from, argument);
            }

            // A partial type is declared by its first file.
            var to = named.OriginalDefinition.DeclaringSyntaxReferences.Select(static reference => reference.SyntaxTree.FilePath)
                .OrderBy(static path => path.Length).FirstOrDefault();
            if (to is not null && to != from && sources.ContainsKey(to))
            {
                arrows.TryAdd((from, to), named.Name);
            }
        }
    }
}
