// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming;

/// <summary>What an <see cref="ExtraFileCache"/> has done.</summary>
/// <param name="Hits">How many files were there when they were asked for.</param>
/// <param name="DownloadedFiles">How many files were downloaded.</param>
/// <param name="DownloadedBytes">How many bytes were downloaded.</param>
/// <param name="ResumedBytes">How many bytes an earlier, broken download had left and were not downloaded again.</param>
/// <param name="Evictions">How many files were deleted to hold the limit.</param>
internal readonly record struct ExtraFileStatistics(
    long Hits, long DownloadedFiles, long DownloadedBytes, long ResumedBytes, long Evictions);
