// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Runtime.InteropServices;
using Snappier;

namespace TorchStreaming.Shards;

/// <summary>Snappy's raw block format, by Snappier: the content's length, then literals and copies from what was decoded before.</summary>
/// <remarks>The format has no checksum. A block whose content is whole is taken even if its last tag is cut off or
/// claims more than follows.</remarks>
internal static class SnappyBlock
{
    /// <summary>A copy of 64 bytes takes three, so content is never more than this many times as long as its block.</summary>
    private const long MaxExpansion = 22;

    /// <summary>Compresses content into one block.</summary>
    /// <param name="content">The content.</param>
    /// <param name="output">Receives the block.</param>
    public static void Compress(ReadOnlyMemory<byte> content, Stream output) =>
        Snappy.Compress(new ReadOnlySequence<byte>(content), new StreamBufferWriter(output));

    /// <summary>Decompresses a block.</summary>
    /// <param name="block">The block.</param>
    /// <returns>The content.</returns>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public static ArraySegment<byte> Decompress(ReadOnlyMemory<byte> block)
    {
        try
        {
            // The length is what the block claims, so nothing is allocated before it is checked.
            var length = Snappy.GetUncompressedLength(block.Span);
            if (length < 0 || length > MaxExpansion * block.Length || length > Array.MaxLength)
            {
                throw new InvalidDataException($"{block.Length} bytes cannot hold {(uint)length}.");
            }

            if (length == 0)
            {
                return block.Length == 1 ? ArraySegment<byte>.Empty : throw new InvalidDataException("Something follows its end.");
            }

            // The buffer is as long as the content, so that more than was claimed is an error too.
            var content = new ArrayBufferWriter<byte>(length);
            Snappy.Decompress(new ReadOnlySequence<byte>(block), content);
            return MemoryMarshal.TryGetArray(content.WrittenMemory, out var array) ? array : content.WrittenSpan.ToArray();
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"snappy: the block is damaged: {exception.Message}", exception);
        }
    }
}
