// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Diagnostics;

/// <summary>Says how many of something there are.</summary>
internal static class Counted
{
    /// <summary>Renders, for example, <c>1 shard</c> or <c>2,000 shards</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one of them.</param>
    /// <param name="many">The word for several; <see langword="null"/> where it is the one for one with an s.</param>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");
}
