// SPDX-License-Identifier: MIT

namespace TorchStreaming.Packaging.Tests;

/// <summary>Something that a cell has shown.</summary>
/// <param name="MimeType">The type of the text; <see cref="Console"/> for what was written to the console.</param>
/// <param name="Text">The text.</param>
internal sealed record KernelOutput(string MimeType, string Text)
{
    /// <summary>Stands for the console.</summary>
    public const string Console = "stdout";
}
