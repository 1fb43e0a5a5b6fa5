// SPDX-License-Identifier: MIT

using System.Buffers;
using TorchStreaming.Diagnostics;

namespace TorchStreaming;

/// <summary>A sample read from a tar: its key and the bytes of its fields.</summary>
/// <remarks>The bytes are a loan that ends with <see cref="Dispose"/>, which gives their memory to later samples; a sample that is not
/// disposed keeps it. Not thread-safe.</remarks>
public sealed class TarSample : IDisposable
{
    private readonly List<(string Name, int Offset, int Length)> _fields;
    private byte[] _bytes;
    private int _length;

    internal TarSample(string shard, string key)
    {
        Shard = shard;
        Key = key;
        _fields = new List<(string, int, int)>(4);
        _bytes = [];
    }

    /// <summary>Gets the name of the tar.</summary>
    public string Shard { get; }

    /// <summary>Gets the sample's key.</summary>
    public string Key { get; }

    /// <summary>Gets the names of the fields, in the order of the tar.</summary>
    public IEnumerable<string> Fields => _fields.Select(static part => part.Name);

    /// <summary>Gets a field's bytes, a loan.</summary>
    /// <param name="field">The field's name.</param>
    /// <exception cref="ArgumentException">The sample has no such field.</exception>
    public ReadOnlyMemory<byte> this[string field] => TryGet(field, out var bytes) ? bytes : throw new ArgumentException(
        $"The sample '{Key}' has no field '{field}'; it has {string.Join(", ", Fields.Select(static name => $"'{name}'"))}.", nameof(field));

    /// <summary>Gets a field's bytes, a loan, if the sample has the field.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>Whether it has.</returns>
    public bool TryGet(string field, out ReadOnlyMemory<byte> bytes)
    {
        foreach (var (name, offset, length) in _fields)
        {
            if (name == field)
            {
                bytes = _bytes.AsMemory(offset, length);
                return true;
            }
        }

        bytes = default;
        return false;
    }

    /// <summary>Ends the loan. Further calls do nothing.</summary>
    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        _length = 0;
        _fields.Clear();
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var fields = _fields.Select(static part => $"{part.Name} ({Counted.Of(part.Length, "byte")})");
        return $"Sample '{Key}' of {Shard}: {(_fields.Count > 0 ? string.Join(", ", fields) : "no fields")}";
    }

    /// <summary>Gets room after the fields for more of the next one.</summary>
    /// <param name="used">How much of the next one is there already.</param>
    /// <param name="more">How much more comes.</param>
    internal Memory<byte> Reserve(int used, int more)
    {
        var start = checked(_length + used);
        var needed = checked(start + more);
        if (needed > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
            _bytes.AsSpan(0, start).CopyTo(larger);
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }

            _bytes = larger;
        }

        return _bytes.AsMemory(start, more);
    }

    /// <summary>Makes what was written after the fields a field; one of the same name is replaced.</summary>
    internal void Add(string name, int length)
    {
        var field = (name, _length, length);
        _length += length;
        var known = _fields.FindIndex(field => field.Name == name);
        if (known >= 0)
        {
            _fields[known] = field;
        }
        else
        {
            _fields.Add(field);
        }
    }

    /// <summary>Says whether there is a field.</summary>
    internal bool Has(string name) => _fields.Exists(field => field.Name == name);
}
