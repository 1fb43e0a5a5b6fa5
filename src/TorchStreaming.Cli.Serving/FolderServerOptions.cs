// SPDX-License-Identifier: MIT

using System.Net;

namespace TorchStreaming.Cli;

/// <summary>How a folder is served.</summary>
/// <param name="Address">The address to listen at.</param>
/// <param name="Port">The port; 0 for one that is free.</param>
/// <param name="Latency">How long each request waits before it is answered.</param>
/// <param name="BytesPerSecond">The rate that all responses share, or <see langword="null"/> for no limit.</param>
internal sealed record FolderServerOptions(IPAddress Address, int Port, TimeSpan Latency, double? BytesPerSecond);
