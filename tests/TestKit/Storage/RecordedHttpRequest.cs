// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>A request that a <see cref="ScriptedHttpServer"/> got.</summary>
public sealed record RecordedHttpRequest(
    string Method, string Path, string Query, string? Range, string? IfMatch, string? Authorization, string ConnectionId, string? ApiKey);
