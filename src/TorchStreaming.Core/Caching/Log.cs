// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace TorchStreaming.Caching;

/// <summary>The log lines of the stage.</summary>
internal static partial class Log
{
    [LoggerMessage(
        3001, LogLevel.Information, "Opened cache {Directory} of {Remote}: {Resident} of {Shards} shards resident, {Bytes} bytes")]
    public static partial void Opened(ILogger logger, string directory, string remote, int resident, int shards, long bytes);

    [LoggerMessage(3002, LogLevel.Debug, "Shard {Shard} resident after {Elapsed}")]
    public static partial void Resident(ILogger logger, string shard, TimeSpan elapsed);

    [LoggerMessage(3003, LogLevel.Warning, "Download {Attempt} of {File} rejected: {Problem}")]
    public static partial void Rejected(ILogger logger, int attempt, string file, string problem);

    [LoggerMessage(3004, LogLevel.Warning, "Cached shard {Shard} is damaged and is fetched again: {Problem}")]
    public static partial void Damaged(ILogger logger, string shard, string problem);

    [LoggerMessage(3005, LogLevel.Debug, "Deleted {File}, left behind by a process that ended")]
    public static partial void Cleaned(ILogger logger, string file);

    [LoggerMessage(3006, LogLevel.Debug, "Evicted shard {Shard}, {Bytes} bytes")]
    public static partial void Evicted(ILogger logger, string shard, long bytes);

    [LoggerMessage(3007, LogLevel.Debug, "Shard {Shard} could not be evicted: {Problem}")]
    public static partial void NotEvicted(ILogger logger, string shard, string problem);

    [LoggerMessage(
        3008,
        LogLevel.Warning,
        "The shards in use need more than the cache limit of {Limit}, which is exceeded (later cases are not logged). "
            + "A larger limit, fewer samples ahead or a smaller shuffle block help")]
    public static partial void LimitExceeded(ILogger logger, ByteSize limit);

    [LoggerMessage(3009, LogLevel.Debug, "Deleted {File}, {Bytes} bytes, to stay within the limit of its folder")]
    public static partial void ExtraEvicted(ILogger logger, string file, long bytes);

    [LoggerMessage(3010, LogLevel.Debug, "File {File} could not be deleted: {Problem}")]
    public static partial void ExtraNotEvicted(ILogger logger, string file, string problem);

    [LoggerMessage(3011, LogLevel.Debug, "Samples of {Shard} could not be read ahead of it: {Problem}")]
    public static partial void SamplesFailed(ILogger logger, string shard, string problem);
}
