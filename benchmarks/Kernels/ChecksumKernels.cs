// SPDX-License-Identifier: MIT

using System.IO.Hashing;
using BenchmarkDotNet.Attributes;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>The checksums of 64 KiB of PNG, and of TFRecords and objects of AIStore.</summary>
public class ChecksumKernels
{
    private readonly byte[] _bytes = new byte[1 << 16];
    private uint _sum;

    /// <summary>Computes the checksum of a chunk of PNG.</summary>
    [Benchmark]
    public void Crc32OfPng() => _sum ^= Crc32.HashToUInt32(_bytes);

    /// <summary>Computes the checksum of a record.</summary>
    [Benchmark]
    public void Crc32C() => _sum ^= Crc32.HashToUInt32(Crc32ParameterSet.Crc32C, _bytes);
}
