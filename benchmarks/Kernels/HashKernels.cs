// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TorchStreaming.Shards;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>The hashes of shard files, by name.</summary>
public class HashKernels : IDisposable
{
    private readonly byte[] _bytes = new byte[1 << 16];
    private ShardHash _hash = null!;

    /// <summary>Gets the names of the hashes.</summary>
    public static IEnumerable<string> Names => ShardHashes.Names;

    /// <summary>Gets or sets the hash.</summary>
    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    /// <summary>Starts a hash.</summary>
    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_bytes);
        _hash = ShardHashes.Create(Name);
    }

    /// <summary>Hashes 64 KiB of a file.</summary>
    [Benchmark]
    public void Append64KiB() => _hash.Append(_bytes);

    /// <summary>Hashes a file of 4 KiB.</summary>
    [Benchmark]
    [Allocates(1024)]
    public void Digest4KiB()
    {
        using var hash = ShardHashes.Create(Name);
        hash.Append(_bytes.AsSpan(0, 4096));
        hash.GetHexDigest();
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _hash.Dispose();
        GC.SuppressFinalize(this);
    }
}
