// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming.Transforms;

/// <summary>Copies or converts arrays.</summary>
internal sealed class NdArrayColumnWorker(NdArrayEncoding encoding, BatchColumn column) : ColumnWorker
{
    private readonly long[] _shape = new long[NdArrayShape.MaxRank];

    public override void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target)
    {
        var array = encoding.Read(value);
        var shape = _shape.AsSpan(0, array.Rank);
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = array.GetDimension(i);
        }

        if (!NdArrayColumn.Fits(shape, column.Shape.AsSpan()))
        {
            throw new InvalidDataException($"The array's shape is ({Join(shape)}); the batch expects ({Join(column.Shape.AsSpan())}).");
        }

        if (shape[0] > column.PadToLength)
        {
            throw new InvalidDataException($"The array has {shape[0]} rows, more than the {column.PadToLength} that the batch pads to.");
        }

        var convert = ElementConversion.Find(NumberEncodings.Of(array.DType), column.Type)
            ?? throw new InvalidDataException($"The array's type {array.DType} does not become {column.Type}.");
        var destination = column.Layout == ColumnLayout.Dense ? target.GetDense() : target.Allocate(shape);
        try
        {
            convert(array.Bytes, destination);
        }
        catch (OverflowException exception)
        {
            throw new InvalidDataException($"The array has a number that does not fit {column.Type}.", exception);
        }
    }

    private static string Join(ReadOnlySpan<long> shape)
    {
        var text = new List<string>(shape.Length);
        foreach (var dimension in shape)
        {
            text.Add(dimension.ToString(CultureInfo.InvariantCulture));
        }

        return string.Join(", ", text);
    }
}
