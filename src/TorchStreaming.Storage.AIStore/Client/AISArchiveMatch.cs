// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Chooses members of an archive.</summary>
/// <param name="Pattern">What to look for.</param>
/// <param name="Mode">How. The server ignores a pattern without a mode and sends the whole archive, so there is none without.</param>
public sealed record AISArchiveMatch(string Pattern, AISArchiveMode Mode)
{
    internal string ModeName => Mode switch
    {
        AISArchiveMode.Regexp => "regexp",
        AISArchiveMode.Prefix => "prefix",
        AISArchiveMode.Suffix => "suffix",
        AISArchiveMode.Substring => "substr",
        _ => "wdskey",
    };
}
