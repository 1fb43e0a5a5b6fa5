// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>How members of an archive are chosen by an <see cref="AISArchiveMatch"/>.</summary>
internal enum AISArchiveMode
{
    /// <summary>By a regular expression; empty or <c>*</c> for all.</summary>
    Regexp,

    /// <summary>By the start of the path.</summary>
    Prefix,

    /// <summary>By the end of the path.</summary>
    Suffix,

    /// <summary>By a part of the path.</summary>
    Substring,

    /// <summary>By the path without its last extension, which the pattern must equal.</summary>
    WebDatasetKey,
}
