// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>Upstream's names of the batching methods.</summary>
public static class BatchingMethodNames
{
    private static readonly UpstreamNames<BatchingMethod> Names = new(
        "batching method",
        ("random", BatchingMethod.Random),
        ("stratified", BatchingMethod.Stratified),
        ("per_stream", BatchingMethod.PerStream),
        ("device_per_stream", BatchingMethod.DevicePerStream));

    /// <summary>Finds the method of a name.</summary>
    /// <param name="name">Upstream's name, for example <c>per_stream</c>; case matters.</param>
    /// <returns>The method.</returns>
    /// <exception cref="ArgumentException">No method has the name; the message lists those there are.</exception>
    public static BatchingMethod Parse(string name) => Names.Parse(name);

    /// <summary>Gets the name of a method.</summary>
    /// <param name="method">The method.</param>
    /// <returns>Upstream's name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static string ToName(this BatchingMethod method) => Names.NameOf(method);
}
