// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace TorchStreaming.Datasets;

/// <summary>What is logged when datasets open; event id 5000.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Information, "Opened {Location}: {Samples} samples in {Shards} shards, {Bytes} bytes")]
    public static partial void Opened(ILogger logger, string location, long samples, int shards, long bytes);
}
