// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>A decoder for each field of a sample.</summary>
internal sealed class TensorDecoderFunction(IReadOnlyDictionary<string, Func<ReadOnlySpan<byte>, Tensor>> decoders) : TensorFunction
{
    private readonly (string Name, Func<ReadOnlySpan<byte>, Tensor> Decode)[] _decoders = [.. decoders.Select(static pair => (pair.Key, pair.Value))];

    public override void Validate(ShardSchema schema)
    {
        foreach (var (name, _) in _decoders)
        {
            ColumnSet.Find(schema, name);
        }
    }

    public override TensorFunctionWorker CreateWorker() => new Worker(_decoders);

    private sealed class Worker((string Name, Func<ReadOnlySpan<byte>, Tensor> Decode)[] decoders) : TensorFunctionWorker
    {
        protected override Dictionary<string, Tensor> Invoke(SampleFields sample, in TransformContext context)
        {
            var tensors = new Dictionary<string, Tensor>(decoders.Length, StringComparer.Ordinal);
            foreach (var (name, decode) in decoders)
            {
                tensors.Add(name, Decode(name, decode, sample.GetBytes(name)));
            }

            return tensors;
        }

        private static Tensor Decode(string name, Func<ReadOnlySpan<byte>, Tensor> decode, ReadOnlySpan<byte> bytes)
        {
            try
            {
                return decode(bytes);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                throw new ColumnException(name, exception.Message, exception);
            }
        }
    }
}
