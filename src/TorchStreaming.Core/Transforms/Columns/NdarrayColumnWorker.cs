// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Transforms;

/// <summary>Copies or converts arrays.</summary>
internal sealed class NdarrayColumnWorker(NdarrayEncoding encoding, BatchColumn column) : ColumnWorker
{
    private readonly long[] _shape = new long[NdarrayEncoding.MaxRank];

    public override void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target)
    {
        var elements = encoding.ReadHeader(value, out var dtype, _shape, out var rank);
        var shape = _shape.AsSpan(0, rank);
        if (!NdarrayEncoding.Fits(shape, column.Shape.AsSpan()))
        {
            throw new InvalidDataException($"The array's shape is ({Join(shape)}); the batch expects ({Join(column.Shape.AsSpan())}).");
        }

        if (shape[0] > column.PadToLength)
        {
            throw new InvalidDataException($"The array has {shape[0]} rows, more than the {column.PadToLength} that the batch pads to.");
        }

        var convert = ElementConversion.Find(dtype, column.Type)
            ?? throw new InvalidDataException($"The array's type {dtype} does not become {column.Type}.");
        var destination = column.Layout == ColumnLayout.Dense ? target.GetDense() : target.Allocate(shape);
        try
        {
            convert(elements, destination);
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
