// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TorchStreaming.Cli;

/// <summary>What <c>cat --json</c> and <c>peek --json</c> print of each sample: by column a text, a <see cref="JsonElement"/>, a
/// <see cref="BlobDocument"/> or an array of those.</summary>
internal sealed record SampleDocument(long Sample, Dictionary<string, object> Columns);

/// <summary>Bytes: either themselves or their digest, and what is known of them.</summary>
internal sealed record BlobDocument(
    string Kind, IEnumerable<long>? Shape, int Bytes, string? Base64, string? Sha256, string? Problem, string? File);

/// <summary>What <c>peek --output --json</c> prints.</summary>
internal sealed record SheetDocument(string File, string Column, int Width, int Height, IEnumerable<long> Samples);
