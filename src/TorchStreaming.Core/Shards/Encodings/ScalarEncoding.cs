// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchStreaming.Shards;

/// <summary>A number of fixed size, little-endian.</summary>
/// <remarks>Upstream's object path casts with NumPy, which wraps numbers that do not fit; here they are refused.</remarks>
internal sealed class ScalarEncoding<T> : FieldEncoding<T>
    where T : unmanaged, INumber<T>
{
    private readonly bool _exact;

    /// <summary>Creates the encoding.</summary>
    /// <param name="name">Upstream's name.</param>
    /// <param name="exact">Whether objects must be whole numbers already, as upstream's <c>int</c> demands, or are cast.</param>
    public ScalarEncoding(string name, bool exact = false)
        : base(name, Unsafe.SizeOf<T>())
    {
        _exact = exact;
    }

    /// <inheritdoc/>
    public override T Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Unsafe.SizeOf<T>())
        {
            throw Damaged($"it has {bytes.Length} bytes.");
        }

        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.Read<T>(bytes);
        }

        Span<byte> reversed = stackalloc byte[Unsafe.SizeOf<T>()];
        bytes.CopyTo(reversed);
        reversed.Reverse();
        return MemoryMarshal.Read<T>(reversed);
    }

    /// <inheritdoc/>
    public override void Write(T value, IBufferWriter<byte> output)
    {
        var bytes = output.GetSpan(Unsafe.SizeOf<T>())[..Unsafe.SizeOf<T>()];
        MemoryMarshal.Write(bytes, in value);
        if (!BitConverter.IsLittleEndian)
        {
            bytes.Reverse();
        }

        output.Advance(bytes.Length);
    }

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes);

    private protected override void WriteValue(object? value, IBufferWriter<byte> output)
    {
        try
        {
            Write(Convert(value), output);
        }
        catch (OverflowException exception)
        {
            throw new ArgumentOutOfRangeException($"{value} does not fit a column of encoding '{Name}'.", exception);
        }
    }

    private T Convert(object? value) => value switch
    {
        T same => same,
        bool flag => flag ? T.One : T.Zero,
        sbyte number => T.CreateChecked(number),
        byte number => T.CreateChecked(number),
        short number => T.CreateChecked(number),
        ushort number => T.CreateChecked(number),
        int number => T.CreateChecked(number),
        uint number => T.CreateChecked(number),
        long number => T.CreateChecked(number),
        ulong number => T.CreateChecked(number),
        BigInteger number => T.CreateChecked(number),
        Half number when !_exact => FromDouble((double)number),
        float number when !_exact => FromDouble(number),
        double number when !_exact => FromDouble(number),
        string text when !_exact => FromText(text, value),
        _ => throw WrongType(value, _exact ? "a whole number" : "a number"),
    };

    /// <summary>Drops the fraction for whole-number columns; rounds to nearest even for floating-point ones. NaN fits no whole
    /// number.</summary>
    private static T FromDouble(double number)
    {
        if (IsFloatingPoint)
        {
            return T.CreateTruncating(number);
        }

        return double.IsNaN(number) ? throw new OverflowException() : T.CreateChecked(Math.Truncate(number));
    }

    private T FromText(string text, object value)
    {
        if (IsFloatingPoint)
        {
            return PythonNumber.TryParseDouble(text, out var number) ? T.CreateTruncating(number) : throw WrongType(value, "a number");
        }

        return PythonNumber.TryParseInteger(text, out var integer) ? T.CreateChecked(integer) : throw WrongType(value, "a number");
    }

    private static bool IsFloatingPoint => typeof(T) == typeof(Half) || typeof(T) == typeof(float) || typeof(T) == typeof(double);
}
