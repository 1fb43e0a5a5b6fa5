// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>MosaicML Streaming's names of shuffle and partition algorithms and of batching and sampling methods.</summary>
internal static class OrderNames
{
    private static readonly UpstreamNames<ShuffleAlgorithm> ShuffleAlgorithms = new(
        "shuffle algorithm",
        ("py1e", ShuffleAlgorithm.Py1E),
        ("py1br", ShuffleAlgorithm.Py1BR),
        ("py1b", ShuffleAlgorithm.Py1B),
        ("py1s", ShuffleAlgorithm.Py1S),
        ("py2s", ShuffleAlgorithm.Py2S),
        ("naive", ShuffleAlgorithm.Naive),
        ("indexed", ShuffleAlgorithm.Indexed));

    private static readonly UpstreamNames<PartitionAlgorithm> PartitionAlgorithms = new(
        "partition algorithm", ("relaxed", PartitionAlgorithm.Relaxed), ("orig", PartitionAlgorithm.Orig));

    private static readonly UpstreamNames<BatchingMethod> BatchingMethods = new(
        "batching method",
        ("random", BatchingMethod.Random),
        ("stratified", BatchingMethod.Stratified),
        ("per_stream", BatchingMethod.PerStream),
        ("device_per_stream", BatchingMethod.DevicePerStream));

    private static readonly UpstreamNames<SamplingMethod> SamplingMethods = new(
        "sampling method", ("balanced", SamplingMethod.Balanced), ("fixed", SamplingMethod.Fixed));

    /// <summary>Finds the algorithm or method of a name.</summary>
    /// <typeparam name="T"><see cref="ShuffleAlgorithm"/>, <see cref="PartitionAlgorithm"/>, <see cref="BatchingMethod"/> or
    /// <see cref="SamplingMethod"/>.</typeparam>
    /// <param name="name">The name, for example <c>py1e</c>; case matters.</param>
    /// <returns>The algorithm or method.</returns>
    /// <exception cref="ArgumentException">None has the name; the message lists those there are.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the four.</exception>
    public static T Parse<T>(string name)
        where T : struct, Enum =>
        ((object)default(T) switch
        {
            ShuffleAlgorithm => (object)ShuffleAlgorithms,
            PartitionAlgorithm => PartitionAlgorithms,
            BatchingMethod => BatchingMethods,
            SamplingMethod => SamplingMethods,
            _ => throw new NotSupportedException($"{typeof(T)} has no names here."),
        } as UpstreamNames<T>)!.Parse(name);

    /// <summary>Gets the name of an algorithm.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <returns>The name, for example <c>py1e</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static string ToName(this ShuffleAlgorithm algorithm) => ShuffleAlgorithms.NameOf(algorithm);

    /// <inheritdoc cref="ToName(ShuffleAlgorithm)"/>
    public static string ToName(this PartitionAlgorithm algorithm) => PartitionAlgorithms.NameOf(algorithm);

    /// <summary>Gets the name of a method.</summary>
    /// <param name="method">The method.</param>
    /// <returns>The name, for example <c>per_stream</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static string ToName(this BatchingMethod method) => BatchingMethods.NameOf(method);

    /// <inheritdoc cref="ToName(BatchingMethod)"/>
    public static string ToName(this SamplingMethod method) => SamplingMethods.NameOf(method);
}
