// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;

namespace TorchStreaming.Interactive;

/// <summary>Shows states: where a run is, and of what data.</summary>
internal static class StateViews
{
    /// <summary>Writes the state of a loader.</summary>
    public static void Write(LoaderState state, HtmlPage page)
    {
        page.Title($"{state}");
        page.Facts(
            ("Shuffle seed", $"{state.ShuffleSeed}"),
            ("Canonical nodes", $"{state.NumCanonicalNodes}"),
            ("Nodes at the start of the epoch", state.InitialPhysicalNodes is { } nodes ? $"{nodes}" : "not known"));
    }

    /// <summary>Writes the state of a stream of tars.</summary>
    public static void Write(TarStreamState state, HtmlPage page)
    {
        page.Title($"{state}");
        page.Facts(
            ("Next", $"sample {state.Sample} of tar {state.Tar} of this reader"),
            ("Waiting in the shuffle buffer", $"{state.Waiting.Length}"),
            ("Fingerprint", state.Fingerprint));
    }

    /// <summary>Writes the state of a reader of AIStore.</summary>
    public static void Write(AISStreamState state, HtmlPage page)
    {
        page.Title($"{state}");
        page.Facts(
            ("Samples done of the next object", $"{state.Samples}"),
            ("Share", $"{state.Share} of {state.ShareCount}"),
            ("Shuffled", state.Seed is { } seed ? $"yes, seed {seed}" : "no"),
            ("Fields", string.Join(", ", state.Fields)));
    }
}
