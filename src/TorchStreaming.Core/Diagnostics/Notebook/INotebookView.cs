// SPDX-License-Identifier: MIT

namespace TorchStreaming.Diagnostics;

/// <summary>A type that shows itself in a notebook. It also carries <see cref="TypeFormatterSourceAttribute"/>, which is how it is
/// found.</summary>
internal interface INotebookView
{
    /// <summary>Writes what a person wants to see of the value. Starts no work: no download, no threads, no epoch.</summary>
    /// <param name="page">Where to.</param>
    void WriteTo(NotebookPage page);
}
