// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page's path from the repository's root.</param>
/// <param name="Line">The line of the opening fence, from 1.</param>
/// <param name="Info">What is after the fence: a language, then words such as <c>run</c>.</param>
/// <param name="Namespaces">The namespaces that the page says it uses: a line <c>Namespaces of this page: `A`, `B`.</c></param>
/// <param name="Given">Code that the page takes as given: a comment <c>&lt;!-- given … --&gt;</c> before the block, which readers do not see.</param>
/// <param name="Text">The block.</param>
public sealed record CodeBlock(string Page, int Line, string[] Info, string[] Namespaces, string Given, string Text)
{
    /// <summary>Gets the language, empty where the fence names none.</summary>
    public string Language => Info.Length == 0 ? "" : Info[0];

    /// <summary>Gets whether the block is not only compiled but run.</summary>
    public bool Runs => Info.Contains("run");

    /// <inheritdoc/>
    public override string ToString() => $"{Page}:{Line}";
}
