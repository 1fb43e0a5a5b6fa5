// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;

namespace TorchStreaming.Datasets;

/// <summary>The rules for options that can be checked before anything is read.</summary>
internal static class DatasetOptionsValidation
{
    public static void Validate(StreamingDatasetOptions options)
    {
        RequirePositive(options.DownloadRetry, nameof(options.DownloadRetry));
        RequirePositive(options.BatchSize, nameof(options.BatchSize));
        RequirePositive(options.SamplingGranularity, nameof(options.SamplingGranularity));
        RequirePositive(options.NumCanonicalNodes, nameof(options.NumCanonicalNodes));
        RequirePositive(options.ShuffleBlockSize, nameof(options.ShuffleBlockSize));
        RequirePositive(options.Replication, nameof(options.Replication));
        RequirePositive(options.Predownload, nameof(options.Predownload));
        RequireDefined(options.SamplingMethod, nameof(options.SamplingMethod));
        RequireDefined(options.PartitionAlgorithm, nameof(options.PartitionAlgorithm));
        RequireDefined(options.ShuffleAlgorithm, nameof(options.ShuffleAlgorithm));
        RequireDefined(options.BatchingMethod, nameof(options.BatchingMethod));
        ArgumentNullException.ThrowIfNull(options.LoggerFactory, nameof(options));
        ArgumentNullException.ThrowIfNull(options.TimeProvider, nameof(options));
        ArgumentNullException.ThrowIfNull(options.Stores, nameof(options));
        ArgumentNullException.ThrowIfNull(options.StoreOptions, nameof(options));
        if (options.DownloadTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.DownloadTimeout,
                $"{nameof(options.DownloadTimeout)} is {options.DownloadTimeout}; it must be more than zero.");
        }

        if (options.EpochSize is { Samples: < 0 } size)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), size, $"{nameof(options.EpochSize)} is {size}; it must be 0 (unset) or more.");
        }

        if (options.CacheLimit is { Bytes: < 0 } limit)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), limit, $"{nameof(options.CacheLimit)} is {limit}; it must be 0 (unset) or more.");
        }

        RequireAvailable(options);
    }

    private static void RequireAvailable(StreamingDatasetOptions options)
    {
        if (options.AllowUnsafeTypes)
        {
            throw new NotSupportedException(
                $"{nameof(options.AllowUnsafeTypes)} is not available: Python's pickles run code and are never decoded here. "
                + "Leave it out; the raw bytes of such columns can be read.");
        }
    }

    private static void RequirePositive(long? value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least 1.");
        }
    }

    private static void RequireDefined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; known are {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }
}
