// SPDX-License-Identifier: MIT

namespace TorchStreaming.Tests.Datasets;

/// <summary>Compares the options of the dataset classes with the reference's arguments and defaults.</summary>
internal static class ClassArguments
{
    /// <summary>Gets the arguments of the classes with the reference's older defaults.</summary>
    public static IReadOnlyList<(string Name, object? Default)> Older { get; } =
    [
        ("Remote", null), ("Local", null), ("Split", null), ("DownloadRetry", 2), ("DownloadTimeout", TimeSpan.FromSeconds(60)), ("ValidateHash", null),
        ("KeepZip", false), ("EpochSize", null), ("Predownload", null), ("CacheLimit", null), ("PartitionAlgorithm", PartitionAlgorithm.Orig),
        ("NumCanonicalNodes", null), ("BatchSize", null), ("Shuffle", false), ("ShuffleAlgorithm", ShuffleAlgorithm.Py1S), ("ShuffleSeed", 9176UL),
        ("ShuffleBlockSize", 1L << 18),
    ];

    /// <summary>Gets the arguments of the reference's base class.</summary>
    public static IReadOnlyList<(string Name, object? Default)> Base { get; } =
    [
        ("Streams", null), ("Remote", null), ("Local", null), ("Split", null), ("DownloadRetry", 2), ("DownloadTimeout", TimeSpan.FromSeconds(60)),
        ("ValidateHash", null), ("KeepZip", false), ("EpochSize", null), ("Predownload", null), ("CacheLimit", null),
        ("SamplingMethod", SamplingMethod.Balanced), ("SamplingGranularity", 1), ("PartitionAlgorithm", PartitionAlgorithm.Relaxed),
        ("NumCanonicalNodes", null), ("BatchSize", null), ("Shuffle", false), ("ShuffleAlgorithm", ShuffleAlgorithm.Py1E), ("ShuffleSeed", 9176UL),
        ("ShuffleBlockSize", null), ("BatchingMethod", BatchingMethod.Random), ("AllowUnsafeTypes", false), ("Replication", null),
    ];

    /// <summary>Asserts that options that nobody changed have these values.</summary>
    public static void AssertMirrors(StreamingDatasetOptions options, IEnumerable<(string Name, object? Default)> expected)
    {
        var wanted = expected.ToArray();

        Assert.Equal(wanted, wanted.Select(argument => (argument.Name, options.GetType().GetProperty(argument.Name)!.GetValue(options))));
    }
}
