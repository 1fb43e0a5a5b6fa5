// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TorchStreaming.Conversion;

/// <summary>A file of raw data.</summary>
/// <param name="Path">The path below the source, with <c>/</c> between its parts.</param>
/// <param name="Bytes">The size of the file when it was listed.</param>
internal readonly record struct ListedFile(string Path, long Bytes)
{
    /// <summary>Gets the full path.</summary>
    public string In(string directory) =>
        System.IO.Path.Combine(directory, Path.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>Adds path and size to a digest.</summary>
    public void AppendTo(IncrementalHash digest)
    {
        Span<byte> size = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(size, Bytes);
        digest.AppendData(Encoding.UTF8.GetBytes(Path));
        digest.AppendData(size);
    }
}
