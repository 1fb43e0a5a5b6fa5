// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace TorchStreaming.Shards;

/// <summary>Reads JSON text as Python's <c>json.loads</c> does: <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> are numbers, of two equal
/// keys the last one counts, and half a surrogate pair may be escaped.</summary>
internal ref struct PythonJsonReader
{
    /// <summary>Python gives up near 1,000 nested values.</summary>
    private const int MaxDepth = 1000;

    private static readonly SearchValues<byte> WordEnds = SearchValues.Create(" \t\n\r,]}:"u8);

    private static readonly SearchValues<byte> Space = SearchValues.Create(" \t\n\r"u8);

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly ReadOnlySpan<byte> _text;
    private int _at;

    private PythonJsonReader(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>Reads a value.</summary>
    /// <param name="utf8">The text.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidDataException">The text is not JSON as Python reads it.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new InvalidDataException("the JSON text is not UTF-8.");
        }

        // The base library's reader is far faster but knows no NaN, no doubled keys and no lone surrogates.
        if (!NeedsPython(utf8))
        {
            try
            {
                return JsonNode.Parse(utf8, nodeOptions: null, Strict);
            }
            catch (JsonException)
            {
            }
        }

        var reader = new PythonJsonReader(utf8);
        var value = reader.ReadValue(0);
        reader.SkipSpace();
        return reader._at == utf8.Length ? value : throw reader.Fail("something follows the value");
    }

    /// <summary>Looks for what the base library's reader does not know; what looks like it inside a string costs only time.</summary>
    private static bool NeedsPython(ReadOnlySpan<byte> utf8) =>
        utf8.IndexOf("\\ud"u8) >= 0 || utf8.IndexOf("\\uD"u8) >= 0 || utf8.IndexOf("NaN"u8) >= 0 || utf8.IndexOf("Infinity"u8) >= 0;

    private JsonNode? ReadValue(int depth)
    {
        if (depth > MaxDepth)
        {
            throw Fail($"values are nested more than {MaxDepth} deep");
        }

        SkipSpace();
        switch (Peek())
        {
            case (byte)'{': return ReadObject(depth);
            case (byte)'[': return ReadArray(depth);
            case (byte)'"': return JsonValue.Create(ReadString());
            default: return ReadWord();
        }
    }

    private JsonObject ReadObject(int depth)
    {
        var result = new JsonObject();
        _at++;
        SkipSpace();
        if (Peek() != '}')
        {
            ReadProperty(result, depth);
            while (Peek() == ',')
            {
                _at++;
                SkipSpace();
                ReadProperty(result, depth);
            }
        }

        Take((byte)'}');
        return result;
    }

    private void ReadProperty(JsonObject target, int depth)
    {
        if (Peek() != '"')
        {
            throw Fail("a key should follow");
        }

        var name = ReadString();
        SkipSpace();
        Take((byte)':');
        target[name] = ReadValue(depth + 1);
        SkipSpace();
    }

    private JsonArray ReadArray(int depth)
    {
        var result = new JsonArray();
        _at++;
        SkipSpace();
        if (Peek() != ']')
        {
            result.Add(ReadValue(depth + 1));
            SkipSpace();
            while (Peek() == ',')
            {
                _at++;
                result.Add(ReadValue(depth + 1));
                SkipSpace();
            }
        }

        Take((byte)']');
        return result;
    }

    private JsonNode? ReadWord()
    {
        var length = _text[_at..].IndexOfAny(WordEnds);
        var word = length < 0 ? _text[_at..] : _text.Slice(_at, length);
        JsonNode? value;
        if (word.SequenceEqual("NaN"u8))
        {
            value = JsonValue.Create(double.NaN);
        }
        else if (word.SequenceEqual("Infinity"u8) || word.SequenceEqual("-Infinity"u8))
        {
            value = JsonValue.Create(word[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity);
        }
        else
        {
            value = ParsePlain(word);
        }

        _at += word.Length;
        return value;
    }

    private readonly JsonNode? ParsePlain(ReadOnlySpan<byte> word)
    {
        try
        {
            return JsonNode.Parse(word);
        }
        catch (JsonException)
        {
            throw Fail("a value should follow");
        }
    }

    private string ReadString()
    {
        _at++;
        var text = new StringBuilder();
        while (true)
        {
            var length = _text[_at..].IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0)
            {
                throw Fail("a string does not end");
            }

            AppendPlain(text, _text.Slice(_at, length));
            _at += length + 1;
            if (_text[_at - 1] == '"')
            {
                return text.ToString();
            }

            AppendEscape(text);
        }
    }

    private readonly void AppendPlain(StringBuilder text, ReadOnlySpan<byte> utf8)
    {
        if (utf8.ContainsAnyInRange((byte)0, (byte)31))
        {
            throw Fail("a string holds a control character");
        }

        text.Append(Encoding.UTF8.GetString(utf8));
    }

    private void AppendEscape(StringBuilder text)
    {
        var escape = Peek();
        _at++;
        switch (escape)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/': text.Append((char)escape); break;
            case (byte)'b': text.Append('\b'); break;
            case (byte)'f': text.Append('\f'); break;
            case (byte)'n': text.Append('\n'); break;
            case (byte)'r': text.Append('\r'); break;
            case (byte)'t': text.Append('\t'); break;
            case (byte)'u' when _text.Length - _at >= 4
                && ushort.TryParse(_text.Slice(_at, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit):
                text.Append((char)unit);
                _at += 4;
                break;
            default: throw Fail("a string holds an unknown escape");
        }
    }

    private readonly int Peek() => _at < _text.Length ? _text[_at] : -1;

    private void Take(byte wanted)
    {
        if (Peek() != wanted)
        {
            throw Fail($"'{(char)wanted}' should follow");
        }

        _at++;
    }

    private void SkipSpace()
    {
        var length = _text[_at..].IndexOfAnyExcept(Space);
        _at = length < 0 ? _text.Length : _at + length;
    }

    private readonly InvalidDataException Fail(string problem) => new($"{problem} at byte {_at} of the JSON text.");
}
