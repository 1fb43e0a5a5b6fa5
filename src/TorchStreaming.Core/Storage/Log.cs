// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace TorchStreaming.Storage;

/// <summary>The log lines of the stage.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "Attempt {Attempt} of {Location} in {Delay}: {Kind}")]
    public static partial void Retrying(ILogger logger, int attempt, string location, TimeSpan delay, StorageErrorKind kind);
}
