// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Chooses members of an archive by their paths. The server ignores a pattern without a mode and sends the whole archive, so there is
/// none without.</summary>
public sealed record AISArchiveMatch
{
    internal AISArchiveMatch(string pattern, AISArchiveMode mode)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Pattern = pattern;
        Mode = mode;
    }

    /// <summary>Gets what to look for.</summary>
    public string Pattern { get; }

    internal AISArchiveMode Mode { get; }

    internal string ModeName => Mode switch
    {
        AISArchiveMode.Regexp => "regexp",
        AISArchiveMode.Prefix => "prefix",
        AISArchiveMode.Suffix => "suffix",
        AISArchiveMode.Substring => "substr",
        _ => "wdskey",
    };

    /// <summary>Chooses by a regular expression.</summary>
    /// <param name="pattern">The expression; empty or <c>*</c> for all.</param>
    public static AISArchiveMatch Regexp(string pattern) => new(pattern, AISArchiveMode.Regexp);

    /// <summary>Chooses by the start of the path.</summary>
    /// <param name="pattern">The start.</param>
    public static AISArchiveMatch Prefix(string pattern) => new(pattern, AISArchiveMode.Prefix);

    /// <summary>Chooses by the end of the path.</summary>
    /// <param name="pattern">The end.</param>
    public static AISArchiveMatch Suffix(string pattern) => new(pattern, AISArchiveMode.Suffix);

    /// <summary>Chooses by a part of the path.</summary>
    /// <param name="pattern">The part.</param>
    public static AISArchiveMatch Substring(string pattern) => new(pattern, AISArchiveMode.Substring);

    /// <summary>Chooses by the path without its last extension.</summary>
    /// <param name="key">What it must equal.</param>
    public static AISArchiveMatch WebDatasetKey(string key) => new(key, AISArchiveMode.WebDatasetKey);
}
