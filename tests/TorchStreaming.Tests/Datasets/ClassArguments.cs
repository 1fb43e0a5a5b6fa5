// SPDX-License-Identifier: MIT

using System.Reflection;

namespace TorchStreaming.Tests.Datasets;

/// <summary>Compares the constructor arguments of the dataset classes with the reference's.</summary>
internal static class ClassArguments
{
    /// <summary>The arguments of the classes with the reference's older defaults.</summary>
    public static IReadOnlyList<(string Name, object? Default)> Older { get; } =
    [
        ("remote", null), ("local", null), ("split", null), ("downloadRetry", 2), ("downloadTimeout", null), ("validateHash", null),
        ("keepZip", false), ("epochSize", null), ("predownload", null), ("cacheLimit", null),
        ("partitionAlgo", (byte)PartitionAlgorithm.Orig), ("numCanonicalNodes", null), ("batchSize", null), ("shuffle", false),
        ("shuffleAlgo", (byte)ShuffleAlgorithm.Py1S), ("shuffleSeed", 9176UL), ("shuffleBlockSize", 1L << 18),
    ];

    /// <summary>The arguments of the reference's base class.</summary>
    public static IReadOnlyList<(string Name, object? Default)> Base { get; } =
    [
        ("streams", null), ("remote", null), ("local", null), ("split", null), ("downloadRetry", 2), ("downloadTimeout", null),
        ("validateHash", null), ("keepZip", false), ("epochSize", null), ("predownload", null), ("cacheLimit", null),
        ("samplingMethod", (byte)SamplingMethod.Balanced), ("samplingGranularity", 1),
        ("partitionAlgo", (byte)PartitionAlgorithm.Relaxed), ("numCanonicalNodes", null), ("batchSize", null), ("shuffle", false),
        ("shuffleAlgo", (byte)ShuffleAlgorithm.Py1E), ("shuffleSeed", 9176UL), ("shuffleBlockSize", null),
        ("batchingMethod", (byte)BatchingMethod.Random), ("allowUnsafeTypes", false), ("replication", null),
    ];

    /// <summary>Asserts that a class takes arguments in an order, after those that must be given and before ones of its own.</summary>
    public static void AssertMirrors(Type type, int required, IEnumerable<(string Name, object? Default)> expected)
    {
        var parameters = Assert.Single(type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)).GetParameters();
        Assert.Equal(required, parameters.Count(static parameter => !parameter.IsOptional));
        var wanted = expected.ToArray();
        var actual = parameters.Skip(required).Take(wanted.Length)
            .Select(static parameter => (parameter.Name!, Plain(parameter.DefaultValue)));
        Assert.Equal(wanted, actual);
    }

    // The default of an optional enumeration parameter is reflected as the enumeration.
    private static object? Plain(object? value) => value is Enum member ? Convert.ToByte(member, null) : value;
}
