// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace TorchStreaming.Documentation.Tests;

/// <summary>A symbol's doc comment as Markdown; an inherited one is that of what it overrides or implements.</summary>
internal sealed partial class CommentText
{
    private readonly XElement? _comment;

    /// <summary>Reads the comment of a symbol.</summary>
    public CommentText(ISymbol symbol) => _comment = Read(symbol);

    /// <summary>Gets whether there is one.</summary>
    public bool IsThere => _comment is not null;

    /// <summary>Writes it as paragraphs, with the parameters as a list.</summary>
    public string Paragraphs()
    {
        var text = new StringBuilder();
        foreach (var part in Parts("summary").Concat(Parts("remarks")).Concat(Parts("example")))
        {
            text.Append(part).Append("\n\n");
        }

        foreach (var line in Named("typeparam").Concat(Named("param")).Concat(Returns()))
        {
            text.Append($"- {line}\n");
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Writes it as what follows in a list's item, with a list of its own.</summary>
    public string Item()
    {
        var text = new StringBuilder();
        var prose = string.Join(' ', Parts("summary").Concat(Parts("value")).Concat(Parts("remarks")));
        text.Append(prose.Length == 0 ? "\n" : $": {prose}\n");
        foreach (var line in Named("typeparam").Concat(Named("param")).Concat(Returns()).Concat(Exceptions()))
        {
            text.Append($"  - {line}\n");
        }

        return text.ToString();
    }

    private static XElement? Read(ISymbol symbol)
    {
        var xml = symbol.GetDocumentationCommentXml();
        if (string.IsNullOrWhiteSpace(xml))
        {
            return null;
        }

        var comment = XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        return comment.Element("inheritdoc") is null ? comment : Inherited(symbol).Select(Read).FirstOrDefault(static found => found is not null) ?? comment;
    }

    private static IEnumerable<ISymbol> Inherited(ISymbol symbol)
    {
        ISymbol? overridden = symbol switch
        {
            IMethodSymbol method => method.OverriddenMethod,
            IPropertySymbol property => property.OverriddenProperty,
            INamedTypeSymbol type => type.BaseType,
            _ => null,
        };
        var implemented = symbol.ContainingType?.AllInterfaces.SelectMany(static contract => contract.GetMembers())
            .Where(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)) ?? [];
        return overridden is null ? implemented : implemented.Prepend(overridden);
    }

    private IEnumerable<string> Parts(string name)
        => (_comment?.Elements(name) ?? []).SelectMany(Split).Where(static text => text.Length > 0);

    /// <summary>The paragraphs of an element in their order: its own, the text between them, and blocks of code.</summary>
    private static IEnumerable<string> Split(XElement element)
    {
        var inline = new List<XNode>();
        foreach (var node in element.Nodes())
        {
            if (node is XElement { Name.LocalName: "para" or "code" } block)
            {
                yield return Markdown(inline);
                inline.Clear();
                yield return block.Name.LocalName == "code" ? Fence(block.Value) : Markdown(block.Nodes());
            }
            else
            {
                inline.Add(node);
            }
        }

        yield return Markdown(inline);
    }

    /// <summary>A block of code; its language is left out, since it is no program by itself.</summary>
    private static string Fence(string code)
    {
        var lines = code.Split('\n').Select(static line => line.TrimEnd()).Where(static line => line.Length > 0).ToArray();
        var margin = lines.Min(static line => line.Length - line.TrimStart().Length);
        return $"```\n{string.Join('\n', lines.Select(line => line[margin..]))}\n```";
    }

    private IEnumerable<string> Named(string name)
        => (_comment?.Elements(name) ?? []).Select(element => $"`{element.Attribute("name")?.Value}`: {Markdown(element.Nodes())}");

    private IEnumerable<string> Returns() => (_comment?.Elements("returns") ?? []).Select(static element => $"*returns* {Markdown(element.Nodes())}");

    private IEnumerable<string> Exceptions()
        => (_comment?.Elements("exception") ?? []).Select(static element => $"*throws* `{Short(element.Attribute("cref")!.Value)}`: {Markdown(element.Nodes())}");

    private static string Markdown(IEnumerable<XNode> nodes)
        => Space().Replace(string.Concat(nodes.Select(Markdown)), " ").Trim();

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value.Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal),
        XElement { Name.LocalName: "see" or "seealso" } link when link.Attribute("cref") is { } target => $"`{Short(target.Value)}`",
        XElement { Name.LocalName: "see" } link when link.Attribute("langword") is { } word => $"`{word.Value}`",
        XElement { Name.LocalName: "see" } link when link.Attribute("href") is { } address => $"<{address.Value}>",
        XElement { Name.LocalName: "paramref" or "typeparamref" } name => $"`{name.Attribute("name")?.Value}`",
        XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value.Trim()}`",
        XElement { Name.LocalName: "item" } item => $" – {Markdown(item.Nodes())}",
        XElement other => Markdown(other.Nodes()) + " ",
        _ => "",
    };

    /// <summary>The name in an identifier such as <c>M:Namespace.Type.Member(System.Int32)</c>, with its type where it is a member.</summary>
    private static string Short(string identifier)
    {
        var parts = Arity().Replace(identifier[2..].Split('(')[0], "").Split('.');
        return identifier[0] is 'T' or '!' || parts.Length < 2 ? parts[^1]
            : parts[^1] == "#ctor" ? $"new {parts[^2]}" : $"{parts[^2]}.{parts[^1]}";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex("`+[0-9]+")]
    private static partial Regex Arity();
}
