// SPDX-License-Identifier: MIT

using System.Globalization;

namespace MultiNode;

/// <summary>What a node says after a step: the samples it trained on, and the state of its loader.</summary>
/// <param name="Samples">The samples' numbers.</param>
/// <param name="State">The state, as one would put it into the checkpoint.</param>
internal sealed record NodeStep(long[] Samples, string State)
{
    /// <summary>What a node says at the end of its epoch.</summary>
    public const string End = "end";

    /// <summary>Reads what <see cref="ToString"/> made.</summary>
    public static NodeStep Parse(string line)
    {
        var parts = line.Split('\t', 2);
        return new NodeStep([.. parts[0].Split(',').Select(static id => long.Parse(id, CultureInfo.InvariantCulture))], parts[1]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(',', Samples)}\t{State}";
}
