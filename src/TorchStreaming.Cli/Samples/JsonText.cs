// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming.Cli;

/// <summary>The text of a JSON column.</summary>
/// <param name="Utf8">The text.</param>
internal sealed record JsonText(byte[] Utf8)
{
    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Utf8);
}
