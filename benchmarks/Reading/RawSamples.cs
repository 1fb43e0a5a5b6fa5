// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace TorchStreaming.Benchmarks.Reading;

/// <summary>The samples of a dataset as bare places in files, in the order of an epoch: what reading them costs without any loader.</summary>
internal sealed unsafe class RawSamples : IDisposable
{
    private readonly SafeFileHandle[] _files;
    private readonly MemoryMappedViewAccessor[] _views;
    private readonly nint[] _starts;
    private readonly (int File, long Offset, int Length)[] _places;
    private readonly byte[] _batches;

    public RawSamples(SampleShards shards, bool shuffled)
    {
        using var data = StreamingDataset.Open(shards.Location, ReadBenchmark.Options(shuffled));
        var names = data.Indexes[0].Shards.Select(shard => Path.Combine(shards.Location, shard.Files[0].Raw.Basename)).ToArray();
        _files = [.. names.Select(static name => File.OpenHandle(name))];
        _views = new MemoryMappedViewAccessor[names.Length];
        _starts = new nint[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            using var mapping = MemoryMappedFile.CreateFromFile(names[i], FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            _views[i] = mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* start = null;
            _views[i].SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _starts[i] = (nint)start;
        }

        _places = [.. Order(data).Select(id => Place(data, id))];
        _batches = GC.AllocateArray<byte>(3 * ReadBenchmark.BatchSize * _places.Max(static place => place.Length), pinned: true);
    }

    /// <summary>Reads every sample with a system call into the place of its row.</summary>
    public double Pread()
    {
        var at = 0;
        foreach (var (file, offset, length) in _places)
        {
            at = at + length > _batches.Length ? 0 : at;
            RandomAccess.Read(_files[file], _batches.AsSpan(at, length), offset);
            at += length;
        }

        return _places.Length;
    }

    /// <summary>Copies every sample from mapped memory to the place of its row.</summary>
    public double Copy()
    {
        var at = 0;
        foreach (var (file, offset, length) in _places)
        {
            at = at + length > _batches.Length ? 0 : at;
            new ReadOnlySpan<byte>((byte*)_starts[file] + offset, length).CopyTo(_batches.AsSpan(at));
            at += length;
        }

        return _places.Length;
    }

    public void Dispose()
    {
        for (var i = 0; i < _files.Length; i++)
        {
            _views[i].SafeMemoryMappedViewHandle.ReleasePointer();
            _views[i].Dispose();
            _files[i].Dispose();
        }
    }

    private static IEnumerable<long> Order(StreamingDataset data)
    {
        var cursor = data.BeginEpoch().OpenCursor();
        var ids = new long[ReadBenchmark.BatchSize];
        for (int count; (count = cursor.ReadBatch(ids)) > 0;)
        {
            for (var i = 0; i < count; i++)
            {
                yield return ids[i];
            }
        }
    }

    private (int File, long Offset, int Length) Place(StreamingDataset data, long id)
    {
        var (shard, index) = data.Spanner.Find(id);
        var pair = new ReadOnlySpan<byte>((byte*)_starts[shard] + (sizeof(uint) * (index + 1L)), 2 * sizeof(uint));
        var begin = BinaryPrimitives.ReadUInt32LittleEndian(pair);
        return (shard, begin, (int)(BinaryPrimitives.ReadUInt32LittleEndian(pair[sizeof(uint)..]) - begin));
    }
}
