// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Writes the index that NVIDIA DALI's WebDataset reader takes; see <see cref="DaliIndex"/>.</summary>
internal sealed class DaliIndexWriter
{
    private readonly StringBuilder _samples = new();
    private string? _key;
    private int _count;

    /// <summary>Takes the next regular file of a tar.</summary>
    /// <exception cref="NotSupportedException">Its name has a space or a line's end, which the format cannot hold.</exception>
    public void Add(string name, long offset, long size)
    {
        var dot = name.IndexOf('.', name.LastIndexOf('/') + 1);
        if (dot <= 0 || name[dot - 1] == '/' || dot == name.Length - 1)
        {
            return;
        }

        if (name.AsSpan().ContainsAny(" \n\r\t"))
        {
            throw new NotSupportedException($"The member '{name}' has a space in its name, which an index for DALI cannot hold.");
        }

        var isNew = name[..dot] != _key;
        _samples.Append(!isNew ? " " : _count == 0 ? "" : "\n");
        _samples.Append(CultureInfo.InvariantCulture, $"{name[(dot + 1)..]} {offset} {size} {name}");
        (_key, _count) = (name[..dot], isNew ? _count + 1 : _count);
    }

    /// <summary>Gets the whole file.</summary>
    public byte[] ToArray() => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"v1.2 {_count}\n{_samples}{(_count > 0 ? "\n" : "")}"));
}
