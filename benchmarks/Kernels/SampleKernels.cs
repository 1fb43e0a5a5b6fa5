// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>From a mapped MDS shard to a row of a batch.</summary>
public class SampleKernels : IDisposable
{
    private const int Count = 256;

    private readonly string _folder = Directory.CreateTempSubdirectory("torchstreaming-kernels-").FullName;
    private readonly FieldRange[] _ranges = new FieldRange[3];
    private readonly Row _row = new();
    private ShardReader _shard = null!;
    private SampleTransformWorker _scalars = null!;
    private SampleTransformWorker _array = null!;
    private long _sum;

    /// <summary>Writes and opens a shard.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var index = WriteAsync().GetAwaiter().GetResult();
        _shard = ShardReaders.Open(index.Shards[0], [Path.Combine(_folder, index.Shards[0].Files[0].Raw.Basename)]);
        _scalars = new ColumnSet(new ScalarColumn("id"), new ScalarColumn("weight", ElementType.Float32)).CreateWorker();
        _array = new ColumnSet(new NdArrayColumn("tokens", ElementType.Int32, [1024])).CreateWorker();
    }

    /// <summary>Finds samples and their fields.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void FindFields()
    {
        for (var i = 0; i < Count; i++)
        {
            _sum += _shard.GetSample(i, _ranges)[0].Length;
        }
    }

    /// <summary>Decodes two numbers of samples into a batch.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void DecodeNumbers() => Decode(_scalars);

    /// <summary>Decodes an array of 4 KiB of samples into a batch.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void DecodeArray() => Decode(_array);

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _scalars.Dispose();
        _array.Dispose();
        _shard.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private void Decode(SampleTransformWorker worker)
    {
        for (var i = 0; i < Count; i++)
        {
            worker.Transform(_shard.GetSample(i, _ranges), new TransformContext(1, 0, i), _row, 0);
        }
    }

    private async Task<DatasetIndex> WriteAsync()
    {
        var columns = new Dictionary<string, string> { ["id"] = "int", ["tokens"] = "ndarray:int32:1024", ["weight"] = "float64" };
        await using (var writer = await MdsWriter.CreateAsync(_folder, columns))
        {
            for (var i = 0; i < Count; i++)
            {
                writer.Row.Set("id", (long)i);
                writer.Row.Set("tokens", NdArray.Create<int>(new int[1024]));
                writer.Row.Set("weight", 0.5 * i);
                await writer.WriteRowAsync();
            }

            await writer.CompleteAsync();
        }

        var path = Path.Combine(_folder, DatasetIndex.FileName);
        return DatasetIndex.Parse(await File.ReadAllBytesAsync(path), path);
    }

    /// <summary>Memory for one row of any column.</summary>
    private sealed class Row : IBatchSlot
    {
        private readonly byte[] _bytes = new byte[4096];

        public Span<byte> GetRow(int column, int row) => _bytes;

        public Span<byte> AllocateRow(int column, int row, ReadOnlySpan<long> shape) => _bytes;
    }
}
