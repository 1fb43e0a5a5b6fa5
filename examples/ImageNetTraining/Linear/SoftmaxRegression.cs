// SPDX-License-Identifier: MIT

using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ImageNetTraining.Linear;

/// <summary>A linear classifier with a softmax cross-entropy loss, trained by stochastic gradient descent with momentum.</summary>
internal sealed class SoftmaxRegression
{
    private readonly int _features;
    private readonly float[] _weights;
    private readonly float[] _velocity;
    private readonly float[] _gradient;
    private readonly float[] _scores;

    public SoftmaxRegression(int features, int classes)
    {
        _features = features;
        Classes = classes;
        _weights = new float[classes * (features + 1)];
        _velocity = new float[_weights.Length];
        _gradient = new float[_weights.Length];
        _scores = new float[classes];
    }

    public int Classes { get; }

    /// <summary>Scores one sample; the result is valid until the next call.</summary>
    public ReadOnlySpan<float> Score(ReadOnlySpan<float> features)
    {
        for (var c = 0; c < Classes; c++)
        {
            var row = Row(_weights, c);
            _scores[c] = TensorPrimitives.Dot(row[..^1], features) + row[^1];
        }

        return _scores;
    }

    /// <summary>Adds one sample's gradient.</summary>
    /// <returns>The sample's loss.</returns>
    public float Accumulate(ReadOnlySpan<float> features, int label)
    {
        Score(features);
        TensorPrimitives.SoftMax(_scores, _scores);
        var loss = -MathF.Log(MathF.Max(_scores[label], 1e-12f));
        _scores[label] -= 1f;
        for (var c = 0; c < Classes; c++)
        {
            var row = Row(_gradient, c);
            TensorPrimitives.MultiplyAdd(features, _scores[c], row[..^1], row[..^1]);
            row[^1] += _scores[c];
        }

        return loss;
    }

    /// <summary>Takes a step along the mean of the gradients added since the last one.</summary>
    public void Step(float learningRate, float momentum, int samples)
    {
        TensorPrimitives.Multiply(_velocity, momentum, _velocity);
        TensorPrimitives.MultiplyAdd(_gradient, 1f / samples, _velocity, _velocity);
        TensorPrimitives.MultiplyAdd(_velocity, -learningRate, _weights, _weights);
        Array.Clear(_gradient);
    }

    public void Save(Stream stream)
    {
        stream.Write(MemoryMarshal.AsBytes(_weights.AsSpan()));
        stream.Write(MemoryMarshal.AsBytes(_velocity.AsSpan()));
    }

    public void Load(Stream stream)
    {
        stream.ReadExactly(MemoryMarshal.AsBytes(_weights.AsSpan()));
        stream.ReadExactly(MemoryMarshal.AsBytes(_velocity.AsSpan()));
    }

    private Span<float> Row(float[] matrix, int row) => matrix.AsSpan(row * (_features + 1), _features + 1);
}
