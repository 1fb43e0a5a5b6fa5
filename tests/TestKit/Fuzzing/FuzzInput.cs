// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>What a target reads: one file, or several that belong together.</summary>
/// <param name="Name">Where it comes from.</param>
/// <param name="Files">The content of each file.</param>
public sealed record FuzzInput(string Name, byte[][] Files)
{
    /// <summary>Gets the number of bytes.</summary>
    public long Length => Files.Sum(static file => (long)file.Length);
}
