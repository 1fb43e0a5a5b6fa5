// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Tests;

/// <summary>What a dataset logs about options that work but may not be what was meant.</summary>
public sealed class DatasetWarningTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly RecordingLoggers _loggers = new();

    public void Dispose()
    {
        _folder.Dispose();
        _loggers.Dispose();
    }

    [Fact]
    public async Task BeginEpoch_SmallPredownload_WarnsOncePerDataSet()
    {
        await using var dataset = await OpenAsync(new StreamingDatasetOptions { BatchSize = 8, Predownload = 3, NumCanonicalNodes = 1 });

        dataset.BeginEpoch();
        dataset.BeginEpoch();

        Assert.Equal(1, Count("Predownload is 3 samples, less than a batch of 8"));
    }

    [Fact]
    public async Task BeginEpoch_BlocksBelowShards_WarnsOncePerDataSet()
    {
        var options = new StreamingDatasetOptions { BatchSize = 4, Shuffle = true, ShuffleBlockSize = 2, NumCanonicalNodes = 1 };
        await using (var dataset = await OpenAsync(options))
        {
            dataset.BeginEpoch();
            dataset.BeginEpoch();
            Assert.Equal(1, Count("Set ShuffleBlockSize to several times"));
        }

        await using var other = await OpenAsync(options);
        other.BeginEpoch();
        Assert.Equal(2, Count("Set ShuffleBlockSize to several times"));
    }

    [Fact]
    public async Task BeginEpoch_NothingUnusual_WarnsOfNothing()
    {
        using var warnings = new RecordingLoggers(Microsoft.Extensions.Logging.LogLevel.Warning);
        await using var dataset = await OpenAsync(new StreamingDatasetOptions { BatchSize = 4, Shuffle = true, LoggerFactory = warnings });

        dataset.BeginEpoch();

        Assert.Equal("", warnings.Text);
    }

    private async Task<StreamingDataset> OpenAsync(StreamingDatasetOptions options)
    {
        if (!Directory.EnumerateFileSystemEntries(_folder.Path).Any())
        {
            await SmallDataset.WriteAsync(_folder.Path, 40);
        }

        var loggers = options.LoggerFactory is RecordingLoggers given ? given : _loggers;
        return await StreamingDataset.OpenAsync(_folder.Path, options with { World = World.Single, LoggerFactory = loggers });
    }

    private int Count(string text) => _loggers.Text.Split(text).Length - 1;
}
