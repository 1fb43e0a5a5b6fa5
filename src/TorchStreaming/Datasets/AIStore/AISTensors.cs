// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>Makes tensors of what was read, with errors that say where.</summary>
internal static class AISTensors
{
    public static Tensor Decode(AISDecoders decoders, string name, ReadOnlyMemory<byte> content, string location, long index) =>
        Decode(bytes => decoders.Decode(name, bytes), content, location, index);

    public static Tensor Decode(Func<ReadOnlyMemory<byte>, Tensor> decoder, ReadOnlyMemory<byte> content, string location, long index)
    {
        try
        {
            return decoder(content);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw SampleErrors.AddPlace(error, location, (int)index, index);
        }
    }
}
