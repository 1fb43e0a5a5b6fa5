// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Benchmarks.Reading;

/// <summary>A dataset of one kind of sample, made once for a run of a benchmark.</summary>
internal sealed class SampleShards : IDisposable
{
    public const int ArrayLength = 1024;

    private SampleShards(string name, int count)
    {
        Name = name;
        Count = count;
        Location = Directory.CreateTempSubdirectory("torchstreaming-benchmark-").FullName;
    }

    /// <summary>Gets what to call the workload.</summary>
    public string Name { get; }

    public int Count { get; }

    /// <summary>Gets the folder of the shards.</summary>
    public string Location { get; }

    /// <summary>4 KB arrays in the column <c>x</c>.</summary>
    public static Task<SampleShards> CreateArraysAsync(int count = 200_000) => CreateAsync(
        new SampleShards("ndarray:int32:1024", count), "x", $"ndarray:int32:{ArrayLength}", static (row, i) =>
        {
            var values = new int[ArrayLength];
            Array.Fill(values, i);
            row.Set(0, NdArrayView.Create<int>(values, [ArrayLength]));
        });

    /// <summary>110 KB of random bytes in the column <c>x</c>.</summary>
    public static Task<SampleShards> CreateBlobsAsync(int count = 8_000)
    {
        var blobs = Blobs.Create();
        return CreateAsync(new SampleShards("bytes, 110 KB", count), "x", "bytes", (row, i) => row.SetBytes(0, blobs[i % blobs.Length]));
    }

    /// <summary>An integer in the column <c>a</c> and a floating-point number in the column <c>b</c>.</summary>
    public static async Task<SampleShards> CreateSmallAsync(int count = 1_000_000)
    {
        var shards = new SampleShards("{int, float64}", count);
        await using var writer = await MdsWriter.CreateAsync(shards.Location, new Dictionary<string, string> { ["a"] = "int", ["b"] = "float64" });
        for (var i = 0; i < count; i++)
        {
            writer.Row.Set<long>(0, i);
            writer.Row.Set(1, (double)i);
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
        return shards;
    }

    public void Dispose() => Directory.Delete(Location, recursive: true);

    private static async Task<SampleShards> CreateAsync(SampleShards shards, string column, string encoding, Action<MdsRow, int> fill)
    {
        await using var writer = await MdsWriter.CreateAsync(shards.Location, new Dictionary<string, string> { [column] = encoding });
        for (var i = 0; i < shards.Count; i++)
        {
            fill(writer.Row, i);
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
        return shards;
    }
}
