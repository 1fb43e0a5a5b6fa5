// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Goes through a JSON file of any size token by token, with no more of it in memory than one token needs.</summary>
internal ref struct JsonFileReader : IDisposable
{
    /// <summary>The longest text or number that is read.</summary>
    private const int LongestToken = 1 << 24;

    private const int FirstBuffer = 1 << 16;

    private readonly FileStream _file;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _end;
    private long _passed;
    private bool _isAtEnd;
    private Utf8JsonReader _json = new([], isFinalBlock: false, default);

    /// <summary>Opens a file.</summary>
    /// <exception cref="StorageException">It does not exist or cannot be opened.</exception>
    public JsonFileReader(string path)
    {
        FileStream? file = null;
        LocalFiles.Guard(path, () => file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan));
        _file = file!;
    }

    /// <inheritdoc/>
    public readonly void Dispose() => _file.Dispose();

    /// <summary>Goes to the next token, which must be there.</summary>
    /// <returns>What it is.</returns>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    /// <exception cref="SampleDecodeException">The file is no JSON or ends too early.</exception>
    public JsonTokenType Read()
    {
        try
        {
            while (!_json.Read())
            {
                Fill();
            }
        }
        catch (JsonException exception)
        {
            throw Fail($"the file is no JSON, or is cut off: {exception.Message}", exception);
        }

        return _json.TokenType;
    }

    /// <summary>Goes to the next token, which must begin an object.</summary>
    /// <param name="what">What the object is, for the message.</param>
    public void BeginObject(string what) => Expect(Read() == JsonTokenType.StartObject, $"{what} is no object");

    /// <summary>Goes to the next token, which must begin an array.</summary>
    /// <param name="what">What the array is, for the message.</param>
    public void BeginArray(string what) => Expect(Read() == JsonTokenType.StartArray, $"{what} is no array");

    /// <summary>Goes to the name of the next property, or to the end of the object.</summary>
    /// <returns>Whether there is a property.</returns>
    public bool NextProperty() => Read() == JsonTokenType.PropertyName;

    /// <summary>Tells whether the property has a name.</summary>
    public readonly bool IsNamed(ReadOnlySpan<byte> name) => _json.ValueTextEquals(name);

    /// <summary>Goes to the next object of an array, or to the end of the array.</summary>
    /// <param name="what">What the objects are, for the message.</param>
    /// <returns>Whether there is an object.</returns>
    public bool NextObject(string what)
    {
        var token = Read();
        Expect(token is JsonTokenType.StartObject or JsonTokenType.EndArray, $"{what} is no object");
        return token == JsonTokenType.StartObject;
    }

    /// <summary>Passes over the value of a property.</summary>
    public void SkipValue()
    {
        var depth = _json.CurrentDepth;
        for (var token = Read(); token is JsonTokenType.StartObject or JsonTokenType.StartArray || _json.CurrentDepth > depth;)
        {
            token = Read();
        }
    }

    /// <summary>Reads the value of a property, which must be a whole number.</summary>
    /// <param name="what">What the number is, for the message.</param>
    public long ReadInteger(string what)
    {
        var value = 0L;
        Expect(Read() == JsonTokenType.Number && _json.TryGetInt64(out value), $"{what} is no whole number");
        return value;
    }

    /// <summary>Reads the next value, which must be a number.</summary>
    /// <param name="what">What the number is, for the message.</param>
    public double ReadNumber(string what)
    {
        var value = 0d;
        Expect(Read() == JsonTokenType.Number && _json.TryGetDouble(out value), $"{what} is no number");
        return value;
    }

    /// <summary>Reads the value of a property, which must be a text.</summary>
    /// <param name="what">What the text is, for the message.</param>
    public string ReadText(string what)
    {
        Expect(Read() == JsonTokenType.String, $"{what} is no text");
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw Fail($"{what} is no valid Unicode.", exception);
        }
    }

    /// <summary>Goes to the next token, which must end an array.</summary>
    /// <param name="what">What is wrong otherwise.</param>
    public void EndArray(string what) => Expect(Read() == JsonTokenType.EndArray, what);

    /// <summary>Makes an exception about the place that the reader is at.</summary>
    public readonly SampleDecodeException Fail(string problem, Exception? cause = null) =>
        new(new ShardLocation(_file.Name, _passed + _json.BytesConsumed), -1, problem, cause);

    private readonly void Expect(bool isSo, string problem)
    {
        if (!isSo)
        {
            throw Fail($"{problem}.");
        }
    }

    private void Fill()
    {
        var consumed = (int)_json.BytesConsumed;
        var kept = _end - consumed;
        if (_isAtEnd)
        {
            throw Fail("the file ends too early.");
        }

        if (kept > LongestToken)
        {
            throw Fail($"a value is longer than {LongestToken} bytes.");
        }

        var target = kept <= _buffer.Length / 2 ? _buffer : new byte[2 * _buffer.Length];
        _buffer.AsSpan(consumed, kept).CopyTo(target);
        (_buffer, _end) = (target, kept);
        _passed += consumed;
        try
        {
            var read = _file.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _isAtEnd = read == 0;
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, _file.Name);
        }

        _json = new Utf8JsonReader(_buffer.AsSpan(0, _end), _isAtEnd, _json.CurrentState);
    }
}
