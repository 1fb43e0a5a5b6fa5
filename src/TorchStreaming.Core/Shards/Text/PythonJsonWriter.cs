// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Writes JSON text exactly as Python's <c>json.dumps</c> does with its default arguments: a space after every comma and colon,
/// everything but printable ASCII escaped, floating-point numbers by <see cref="PythonFloat"/>.</summary>
internal readonly struct PythonJsonWriter
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly IBufferWriter<byte> _output;

    public PythonJsonWriter(IBufferWriter<byte> output) => _output = output;

    /// <summary>Writes text that is JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> utf8) => _output.Write(utf8);

    public void Null() => Raw("null"u8);

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    public void Integer(long value)
    {
        Utf8Formatter.TryFormat(value, _output.GetSpan(20), out var written);
        _output.Advance(written);
    }

    public void Integer(BigInteger value) =>
        Raw(Encoding.ASCII.GetBytes(value.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public void Double(double value) => _output.Advance(PythonFloat.Format(value, _output.GetSpan(PythonFloat.MaxLength), json: true));

    public void String(ReadOnlySpan<char> value)
    {
        Raw("\""u8);
        while (!value.IsEmpty)
        {
            var plain = value.IndexOfAnyExcept(Plain);
            plain = plain < 0 ? value.Length : plain;
            if (plain > 0)
            {
                Encoding.ASCII.GetBytes(value[..plain], _output.GetSpan(plain));
                _output.Advance(plain);
                value = value[plain..];
            }
            else
            {
                Escape(value[0]);
                value = value[1..];
            }
        }

        Raw("\""u8);
    }

    /// <summary>Writes <c>"name": </c>.</summary>
    public void Name(ReadOnlySpan<char> name)
    {
        String(name);
        Raw(": "u8);
    }

    /// <summary>Writes <c>null</c> for <see langword="null"/>.</summary>
    public void StringOrNull(string? value)
    {
        if (value is null)
        {
            Null();
        }
        else
        {
            String(value);
        }
    }

    /// <summary>Writes a list of strings.</summary>
    public void Strings(IEnumerable<string> values)
    {
        Raw("["u8);
        var first = true;
        foreach (var value in values)
        {
            Raw(first ? ""u8 : ", "u8);
            String(value);
            first = false;
        }

        Raw("]"u8);
    }

    private void Escape(char unit)
    {
        switch (unit)
        {
            case '"': Raw("\\\""u8); break;
            case '\\': Raw("\\\\"u8); break;
            case '\b': Raw("\\b"u8); break;
            case '\f': Raw("\\f"u8); break;
            case '\n': Raw("\\n"u8); break;
            case '\r': Raw("\\r"u8); break;
            case '\t': Raw("\\t"u8); break;
            default:
                Raw("\\u"u8);
                Utf8Formatter.TryFormat((ushort)unit, _output.GetSpan(4), out var written, new StandardFormat('x', 4));
                _output.Advance(written);
                break;
        }
    }
}
