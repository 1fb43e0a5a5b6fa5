// SPDX-License-Identifier: MIT

using TorchStreaming.Tensors;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Tensors;

public sealed class ElementTypeConversionsTests
{
    [Fact]
    public void ToScalarType_EveryElementType_HasTheSameSizeAndComesBack()
    {
        foreach (var type in Enum.GetValues<ElementType>())
        {
            using var tensor = empty(1, type.ToScalarType());

            Assert.Equal(type.SizeInBytes(), tensor.ElementSize);
            Assert.Equal(type, type.ToScalarType().ToElementType());
        }
    }

    [Fact]
    public void ToElementType_ComplexTensor_SaysWhatCanBeBatched()
    {
        var exception = Assert.Throws<NotSupportedException>(() => ScalarType.ComplexFloat32.ToElementType());

        Assert.Contains("ComplexFloat32", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToScalarType_UnknownValue_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ((ElementType)200).ToScalarType());
}
