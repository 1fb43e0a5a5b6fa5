// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>What <c>merge --json</c> and, with the format, <c>convert dataset --json</c> and its like print of the dataset that they made.</summary>
internal sealed record DatasetDocument(string Location, string? Format, int Shards, long Samples, long RawBytes, long StoredBytes)
{
    /// <summary>Makes it of an index.</summary>
    public static DatasetDocument Of(string location, DatasetIndex index, string? format = null) =>
        new(location, format, index.Shards.Length, index.SampleCount, index.RawBytes, index.StoredBytes);
}

/// <summary>What <c>index tar --json</c> prints.</summary>
internal sealed record IndexTarDocument(string Location, int Shards, long Samples, long StoredBytes, IEnumerable<string> Columns);

/// <summary>What <c>convert --json</c> prints of each dataset that it made of raw data.</summary>
internal sealed record ConversionDocument(
    string Directory, long Samples, int Shards, int Classes, long RawBytes, long StoredBytes, long Resumed, IEnumerable<SkippedDocument> Skipped);

/// <summary>An item of raw data that was left out.</summary>
internal sealed record SkippedDocument(string Path, string Reason);

/// <summary>What <c>synth --json</c> prints.</summary>
internal sealed record SynthDocument(string Directory, long Images, long Bytes, IEnumerable<string> Classes);
