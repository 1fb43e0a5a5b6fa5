// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary>Converts splits that belong together.</summary>
internal static class SplitConversion
{
    /// <summary>Converts one split after the other and tells what was made.</summary>
    /// <param name="console">Where to tell it.</param>
    /// <param name="splits">The names of the splits, which are the folders in the output; empty for the output itself. And how to open
    /// a converter that writes to a folder.</param>
    /// <param name="output">The output.</param>
    /// <param name="asJson">Whether programs are told too.</param>
    /// <param name="cancellationToken">Interrupts the conversion; the same call continues it.</param>
    public static async Task<int> RunAsync(
        ToolConsole console,
        IReadOnlyList<(string Split, Func<string, RawConverter> Open)> splits,
        string output,
        bool asJson,
        CancellationToken cancellationToken)
    {
        var converters = new List<RawConverter>();
        try
        {
            // All outputs are checked before the first is filled, and all can be continued until the last is complete.
            foreach (var (split, open) in splits)
            {
                converters.Add(open(Path.Combine(output, split)));
            }

            var conversions = new List<RawConversion>();
            foreach (var (converter, (split, _)) in converters.Zip(splits))
            {
                var title = split.Length == 0 ? "convert" : split;
                var made = await ProgressDisplay.RunAsync(console, title, progress => converter.RunAsync(progress, cancellationToken))
                    .ConfigureAwait(false);
                ConversionReport.Say(console, made);
                conversions.Add(made);
            }

            converters.ForEach(static converter => converter.Complete());
            if (asJson)
            {
                ConversionReport.Write(console, conversions);
            }
        }
        finally
        {
            converters.ForEach(static converter => converter.Dispose());
        }

        return ExitCodes.Success;
    }
}
