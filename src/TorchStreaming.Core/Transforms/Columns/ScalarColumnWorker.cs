// SPDX-License-Identifier: MIT

namespace TorchStreaming.Transforms;

/// <summary>Reads and converts numbers.</summary>
internal sealed class ScalarColumnWorker : ColumnWorker
{
    private readonly NumberEncoding _encoding;
    private readonly ElementType _type;
    private readonly bool _isCopy;

    public ScalarColumnWorker(NumberEncoding encoding, ElementType type)
    {
        _encoding = encoding;
        _type = type;
        _isCopy = BitConverter.IsLittleEndian && NumberEncodings.ToElementType(encoding) == type;
    }

    public override void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target)
    {
        var destination = target.GetDense();
        var size = _encoding.Size;
        if (size != 0 && value.Length != size)
        {
            throw new InvalidDataException($"A number of type {_encoding} takes {size} bytes, but the value has {value.Length}.");
        }

        if (_isCopy)
        {
            value.CopyTo(destination);
        }
        else if (_encoding.IsFloatingPoint)
        {
            ScalarConversion.Write(ScalarConversion.ReadDouble(value, _encoding), _type, destination);
        }
        else
        {
            ScalarConversion.Write(ScalarConversion.ReadInteger(value, _encoding), _type, destination);
        }
    }
}
