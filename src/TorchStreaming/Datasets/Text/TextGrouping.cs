// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>What to do with texts that have more tokens than a sample. Mirrors the argument <c>group_method</c> of upstream's text datasets
/// , which know this one alone.</summary>
public enum TextGrouping : byte
{
    /// <summary>The tokens in excess are dropped.</summary>
    Truncate,
}
