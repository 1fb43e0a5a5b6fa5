// SPDX-License-Identifier: MIT

using System.Text.Json.Serialization;

namespace TorchStreaming.Cli;

/// <summary>What <c>info --json</c> prints. The stored size is null where the index does not tell it.</summary>
internal sealed record InfoDocument(
    string Location,
    long Samples,
    int Shards,
    long RawBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? StoredBytes,
    IEnumerable<string> Formats,
    IEnumerable<string?> Compressions,
    IEnumerable<string> Hashes,
    IEnumerable<long?> SizeLimits,
    IEnumerable<ColumnDocument> Columns);

/// <summary>A column of a schema; its size is null where it varies.</summary>
internal sealed record ColumnDocument(
    string Name, string Encoding, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Size);
