// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace TorchStreaming.Storage;

/// <summary>The log lines of the stage.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "Attempt {Attempt} of {Location} in {Delay}: {Kind}")]
    public static partial void Retrying(ILogger logger, int attempt, string location, TimeSpan delay, StorageErrorKind kind);

    [LoggerMessage(1002, LogLevel.Debug, "A part of {Location} took far longer than others and was asked for a second time")]
    public static partial void Hedged(ILogger logger, string location);

    [LoggerMessage(1003, LogLevel.Debug, "{Location} ignores ranges; each object is read with one request")]
    public static partial void RangesIgnored(ILogger logger, string location);
}
