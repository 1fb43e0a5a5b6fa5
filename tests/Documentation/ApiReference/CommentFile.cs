// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace TorchStreaming.Documentation.Tests;

/// <summary>The doc comments that the compiler left beside an assembly.</summary>
internal sealed class CommentFile(string path) : DocumentationProvider
{
    private readonly Lazy<Dictionary<string, XElement>> _members = new(() => XDocument.Load(path, LoadOptions.PreserveWhitespace)
        .Descendants("member").ToDictionary(static member => member.Attribute("name")!.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(path);

    /// <inheritdoc/>
    protected override string? GetDocumentationForSymbol(string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken)
        => _members.Value.GetValueOrDefault(documentationMemberID)?.ToString(SaveOptions.DisableFormatting);
}
