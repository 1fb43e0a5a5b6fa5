// SPDX-License-Identifier: MIT

namespace TorchStreaming.Interactive;

/// <summary>Shows what a stream of tars would read; it lists and reads nothing.</summary>
internal static class TarStreamView
{
    /// <summary>Writes a stream.</summary>
    public static void Write(TarStream stream, HtmlPage page)
    {
        page.Title($"{stream}");
        page.Facts(
            ("First and last tar", $"{stream.Tars[0]}, {stream.Tars[^1]}"),
            ("Ranks", $"{stream.World.RankCount}"),
            ("Workers of each", $"{stream.Options.WorkerCount}"),
            ("Samples in the shuffle buffer", $"{stream.Options.ShuffleBuffer}"));
    }
}
