// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>Upstream's names of the sampling methods.</summary>
public static class SamplingMethodNames
{
    private static readonly UpstreamNames<SamplingMethod> Names = new(
        "sampling method",
        ("balanced", SamplingMethod.Balanced),
        ("fixed", SamplingMethod.Fixed));

    /// <summary>Finds the method of a name.</summary>
    /// <param name="name">Upstream's name: <c>balanced</c> or <c>fixed</c>; case matters.</param>
    /// <returns>The method.</returns>
    /// <exception cref="ArgumentException">No method has the name; the message lists those there are.</exception>
    public static SamplingMethod Parse(string name) => Names.Parse(name);

    /// <summary>Gets the name of a method.</summary>
    /// <param name="method">The method.</param>
    /// <returns>Upstream's name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static string ToName(this SamplingMethod method) => Names.NameOf(method);
}
