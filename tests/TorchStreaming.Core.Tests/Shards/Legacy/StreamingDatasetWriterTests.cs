// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Legacy;

public sealed class StreamingDatasetWriterTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Dispose_WithoutFinish_RemovesTheFiles()
    {
        using (var writer = new StreamingDatasetWriter(_folder.Combine("out"), ["a"], shardSizeLimit: 20))
        {
            writer.WriteSamples(Samples(10));
        }

        Assert.Empty(Directory.GetFiles(_folder.Combine("out")));
    }

    [Fact]
    public void WriteSample_MissingField_LeavesTheWriterAsItWas()
    {
        using var writer = new StreamingDatasetWriter(_folder.Combine("out"), ["a", "b"]);

        Assert.Throws<ArgumentException>(() => writer.WriteSample(new Dictionary<string, byte[]> { ["a"] = [1] }));

        Assert.Equal(0, writer.SampleCount);
    }

    [Fact]
    public void Finish_IntoADirectoryWithShards_IsRefused()
    {
        Directory.CreateDirectory(_folder.Combine("out"));
        File.WriteAllText(_folder.Combine("out", "000000.mds"), "old");
        using var writer = new StreamingDatasetWriter(_folder.Combine("out"), ["a"]);

        Assert.Throws<StorageException>(() => writer.WriteSamples(Samples(1)));

        writer.Dispose();
        Assert.Equal("old", File.ReadAllText(_folder.Combine("out", "000000.mds")));
    }

    [Fact]
    public void Finish_Twice_IsRefused()
    {
        using var writer = new StreamingDatasetWriter(_folder.Combine("out"), ["a"]);
        writer.Finish();

        Assert.Throws<InvalidOperationException>(writer.Finish);
    }

    [Fact]
    public void WriteSamples_WithProgress_ReportsTheEnd()
    {
        var progress = new Recorder();
        using var writer = new StreamingDatasetWriter(_folder.Combine("out"), ["a"]);

        writer.WriteSamples(Samples(5), progress, total: 5);

        Assert.Equal((5, 5), progress.Reports[^1]);
    }

    [Theory]
    [InlineData("gz:")]
    [InlineData("gz:10")]
    [InlineData("gz:-2")]
    public void Constructor_WrongLevel_IsRefused(string compression) =>
        Assert.Throws<ArgumentException>(() => new StreamingDatasetWriter(_folder.Combine("out"), ["a"], compression: compression));

    [Theory]
    [InlineData("")]
    [InlineData("zstd")]
    public void Constructor_OtherCompression_IsNotSupported(string compression)
    {
        Assert.Throws<NotSupportedException>(() => new StreamingDatasetWriter(_folder.Combine("out"), ["a"], compression: compression));
        Assert.False(Directory.Exists(_folder.Combine("out")));
    }

    [Fact]
    public void Constructor_DoubledFieldOrNoLimit_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new StreamingDatasetWriter(_folder.Combine("out"), ["a", "a"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingDatasetWriter(_folder.Combine("out"), ["a"], 0));
    }

    private static IEnumerable<Dictionary<string, byte[]>> Samples(int count) =>
        Enumerable.Range(0, count).Select(static i => new Dictionary<string, byte[]> { ["a"] = Encoding.ASCII.GetBytes($"value {i}") });

    private sealed class Recorder : IProgress<(long Samples, long? Total)>
    {
        public List<(long Samples, long? Total)> Reports { get; } = [];

        public void Report((long Samples, long? Total) value) => Reports.Add(value);
    }
}
