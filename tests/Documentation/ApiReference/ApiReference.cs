// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Writes an assembly's public types and their doc comments as pages, one a namespace.</summary>
internal static class ApiReference
{
    private const SymbolDisplayMiscellaneousOptions Spelling = SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral;

    private static readonly SymbolDisplayFormat TypeName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: Spelling);

    private static readonly SymbolDisplayFormat MemberSignature = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: Spelling);

    /// <summary>Makes the pages of an assembly that is, with its comments, beside this one.</summary>
    /// <param name="assembly">Its name.</param>
    /// <returns>The pages' texts by file name.</returns>
    public static Dictionary<string, string> Of(string assembly)
        => Types(Load(assembly).GlobalNamespace)
            .GroupBy(static type => type.ContainingNamespace.ToDisplayString())
            .ToDictionary(static page => page.Key + ".md", page => Page(assembly, page.Key, [.. page.OrderBy(Heading, StringComparer.Ordinal)]));

    private static IAssemblySymbol Load(string assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        var reference = MetadataReference.CreateFromFile(file, documentation: new CommentFile(Path.ChangeExtension(file, ".xml")));
        var others = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != Path.GetFileName(file)).Select(Reference);
        return (IAssemblySymbol)CSharpCompilation.Create("Reference", references: [reference, .. others]).GetAssemblyOrModuleSymbol(reference)!;
    }

    /// <summary>Comments are inherited across assemblies, so those of the other packages are read as well.</summary>
    private static PortableExecutableReference Reference(string path)
    {
        var comments = Path.ChangeExtension(path, ".xml");
        return MetadataReference.CreateFromFile(path, documentation: File.Exists(comments) ? new CommentFile(comments) : null);
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol parent)
        => parent.GetMembers().OfType<INamespaceOrTypeSymbol>().SelectMany(static member => member is INamedTypeSymbol type
            ? IsVisible(type) ? Types(type).Prepend(type) : []
            : Types(member));

    private static string Page(string assembly, string name, INamedTypeSymbol[] types)
    {
        var page = new StringBuilder();
        page.Append($"# {name}\n\nPackage `{assembly}`. This page is made from the doc comments.\n\n");
        page.Append(string.Join(" ·\n", types.Select(static type => $"[`{Heading(type)}`](#{Anchor(Heading(type))})"))).Append('\n');
        foreach (var type in types)
        {
            page.Append($"\n## `{Heading(type)}`\n\n`{Declaration(type)}`\n\n");
            page.Append(new CommentText(type).Paragraphs());
            var members = type.TypeKind == TypeKind.Delegate ? [] : type.GetMembers().Where(IsShown)
                .OrderBy(Rank).ThenBy(EnumValue)
                .ThenBy(static member => member.Name, StringComparer.Ordinal).ThenBy(static member => member.ToDisplayString(MemberSignature), StringComparer.Ordinal).ToArray();
            page.Append(members.Length == 0 ? "" : "\n");
            foreach (var member in members)
            {
                page.Append($"- `{(member is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } ? member.Name : member.ToDisplayString(MemberSignature))}`");
                page.Append(new CommentText(member).Item());
            }
        }

        return page.ToString();
    }

    private static string Heading(INamedTypeSymbol type) => type.ToDisplayString(TypeName);

    private static string Anchor(string heading)
        => string.Concat(heading.ToLowerInvariant().Where(static letter => char.IsLetterOrDigit(letter) || letter is ' ' or '_' or '-')).Replace(' ', '-');

    private static string Declaration(INamedTypeSymbol type)
    {
        if (type is { TypeKind: TypeKind.Delegate, DelegateInvokeMethod: { } invoke })
        {
            return $"delegate {invoke.ReturnType.ToDisplayString(TypeName)} {type.ToDisplayString(MemberSignature)}";
        }

        var kind = type.TypeKind switch
        {
            TypeKind.Enum => "enum",
            TypeKind.Interface => "interface",
            TypeKind.Struct => $"{(type.IsReadOnly ? "readonly " : "")}{(type.IsRecord ? "record struct" : "struct")}",
            _ => $"{(type.IsStatic ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")}{(type.IsRecord ? "record" : "class")}",
        };
        var bases = (type.BaseType is { SpecialType: SpecialType.None } parent ? [parent] : Array.Empty<INamedTypeSymbol>())
            .Concat(type.TypeKind == TypeKind.Enum ? [] : type.Interfaces)
            .Where(static contract => IsVisible(contract) && contract.Name != "IEquatable")
            .Select(static contract => contract.ToDisplayString(TypeName)).Order(StringComparer.Ordinal).ToArray();
        return $"{kind} {Heading(type)}{(bases.Length == 0 ? "" : " : " + string.Join(", ", bases))}";
    }

    private static bool IsVisible(ISymbol symbol)
        => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    /// <summary>Members that somebody wrote: accessors belong to their property, and what a record makes by itself has no comment.</summary>
    private static bool IsShown(ISymbol member)
        => IsVisible(member) && member is not INamedTypeSymbol and not IMethodSymbol { AssociatedSymbol: not null } && new CommentText(member).IsThere;

    private static long EnumValue(ISymbol member)
        => member is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } field ? Convert.ToInt64(field.ConstantValue, CultureInfo.InvariantCulture) : 0;

    private static int Rank(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => 0,
        IFieldSymbol => 1,
        IPropertySymbol => 2,
        IEventSymbol => 3,
        IMethodSymbol { MethodKind: MethodKind.Ordinary } => 4,
        _ => 5,
    };
}
