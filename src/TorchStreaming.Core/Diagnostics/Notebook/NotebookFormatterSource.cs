// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;

namespace TorchStreaming.Diagnostics;

/// <summary>Makes the formatters of types that are an <see cref="INotebookView"/>. Notebooks find it and its method by name.</summary>
internal sealed class NotebookFormatterSource
{
    /// <summary>Makes the formatters.</summary>
    /// <returns>Objects with a property <c>MimeType</c> and a method <c>Format</c>.</returns>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Notebooks call it on an instance.")]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties, typeof(NotebookFormatter))]
    public IEnumerable<object> CreateTypeFormatters() => [new NotebookFormatter()];
}
