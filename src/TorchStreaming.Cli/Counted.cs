// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Cli;

/// <summary>Says how many of something there are.</summary>
internal static class Counted
{
    /// <summary>Renders, for example, <c>1 shard</c> or <c>2,000 shards</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one of them, whose plural ends with s.</param>
    public static string Of(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? "" : "s")}");
}
