// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TorchStreaming.Ordering;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>The random numbers behind orders and transforms.</summary>
public class RandomKernels
{
    private const int Count = 256;

    private readonly KeyedPermutation _permutation = new(key: 17, bound: 1_000_000_007);
    private readonly long[] _numbers = new long[Count];
    private readonly double[] _doubles = new double[Count];
    private NumpyGenerator _generator = new(9176);
    private long _sample;

    /// <summary>Computes places of a keyed permutation.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void KeyedPlaces()
    {
        for (var i = 0; i < _numbers.Length; i++)
        {
            _numbers[i] = _permutation[i];
        }
    }

    /// <summary>Shuffles as NumPy does.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void NumpyShuffle() => _generator.Shuffle<long>(_numbers);

    /// <summary>Draws numbers as NumPy does.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void NumpyUniform() => _generator.Uniform(0, 1, _doubles);

    /// <summary>Draws the numbers of a transform for a sample.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void SampleDoubles()
    {
        var random = new SampleRandom(new TransformContext(1, 0, _sample++), place: 0);
        foreach (ref var value in _doubles.AsSpan())
        {
            value = random.NextDouble();
        }
    }
}
