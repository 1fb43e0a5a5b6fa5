// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.Json.Serialization;

namespace TorchStreaming.Cli;

/// <summary>How documents become JSON, made at compile time: names in snake case as in the formats of the field, in the order of the records'
/// parameters. A null is left out unless its parameter says that it is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BenchDocument))]
[JsonSerializable(typeof(IEnumerable<CachedStreamDocument>))]
[JsonSerializable(typeof(CachePrefetchDocument))]
[JsonSerializable(typeof(CacheTrimDocument))]
[JsonSerializable(typeof(CacheVerifyDocument))]
[JsonSerializable(typeof(DatasetDocument))]
[JsonSerializable(typeof(IEnumerable<ConversionDocument>))]
[JsonSerializable(typeof(IndexTarDocument))]
[JsonSerializable(typeof(InfoDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(SampleDocument))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(BlobDocument[]))]
[JsonSerializable(typeof(SheetDocument))]
[JsonSerializable(typeof(StatsDocument))]
[JsonSerializable(typeof(SynthDocument))]
[JsonSerializable(typeof(VerifyDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext;
