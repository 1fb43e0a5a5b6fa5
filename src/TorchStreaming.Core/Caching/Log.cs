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

    [LoggerMessage(
        3012,
        LogLevel.Warning,
        "{Directory} was filled from {Origin}, and is now used with {Remote}. The index that is there is trusted. "
            + "If the two are not the same data, use another local directory")]
    public static partial void OtherOrigin(ILogger logger, string directory, string origin, string remote);

    [LoggerMessage(
        3013,
        LogLevel.Warning,
        "The index of {Remote} is not the one in {Directory} any more: the data was written again. The local one is used; "
            + "delete the directory, or use another one, to read the new data")]
    public static partial void IndexChanged(ILogger logger, string remote, string directory);

    [LoggerMessage(3014, LogLevel.Warning, "The index in {Directory} could not be compared with the remote one: {Problem}")]
    public static partial void IndexUnchecked(ILogger logger, string directory, string problem);

    [LoggerMessage(
        3015,
        LogLevel.Warning,
        "File locks do not work in {Directory}. One process can use it; several download the same shards, and with a limit take "
            + "them from each other. Choose a file system with locks")]
    public static partial void NoLocks(ILogger logger, string directory);
}
