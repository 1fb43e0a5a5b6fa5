// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>What <c>verify --json</c> prints.</summary>
internal sealed record VerifyDocument(
    string Location,
    bool Valid,
    int Shards,
    long Samples,
    long CheckedSamples,
    long CheckedBytes,
    IEnumerable<ProblemDocument> Problems,
    IEnumerable<string> UnlistedFiles,
    IEnumerable<string> UndecodedColumns);

/// <summary>What is wrong with a file, or with a sample or a value of it.</summary>
internal sealed record ProblemDocument(string File, long? Sample, string? Column, string Problem);
