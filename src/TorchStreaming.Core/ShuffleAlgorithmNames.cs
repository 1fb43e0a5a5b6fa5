// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>Upstream's names of the shuffle algorithms.</summary>
public static class ShuffleAlgorithmNames
{
    private static readonly UpstreamNames<ShuffleAlgorithm> Names = new(
        "shuffle algorithm",
        ("py1e", ShuffleAlgorithm.Py1E),
        ("py1br", ShuffleAlgorithm.Py1BR),
        ("py1b", ShuffleAlgorithm.Py1B),
        ("py1s", ShuffleAlgorithm.Py1S),
        ("py2s", ShuffleAlgorithm.Py2S),
        ("naive", ShuffleAlgorithm.Naive),
        ("indexed", ShuffleAlgorithm.Indexed));

    /// <summary>Finds the algorithm of a name.</summary>
    /// <param name="name">Upstream's name, for example <c>py1e</c>; case matters.</param>
    /// <returns>The algorithm.</returns>
    /// <exception cref="ArgumentException">No algorithm has the name; the message lists those there are.</exception>
    public static ShuffleAlgorithm Parse(string name) => Names.Parse(name);

    /// <summary>Gets the name of an algorithm.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <returns>Upstream's name, for example <c>py1e</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static string ToName(this ShuffleAlgorithm algorithm) => Names.NameOf(algorithm);
}
