// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;

namespace TorchStreaming.Diagnostics;

/// <summary>Shows a value of ours as HTML. Notebooks find its members by name.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Notebooks call them on an instance.")]
internal sealed class NotebookFormatter
{
    /// <summary>Gets what <see cref="Format"/> writes.</summary>
    public string MimeType => "text/html";

    /// <summary>Writes a value.</summary>
    /// <param name="instance">The value.</param>
    /// <param name="writer">Where to.</param>
    /// <returns><see langword="false"/> when the value is not ours; nothing was written then.</returns>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not INotebookView view)
        {
            return false;
        }

        view.WriteTo(new NotebookPage(writer));
        return true;
    }
}
