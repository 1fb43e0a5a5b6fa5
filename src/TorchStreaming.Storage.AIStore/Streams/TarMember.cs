// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Streams;

/// <summary>Reads members of tars into memory.</summary>
internal static class TarMember
{
    private const int FirstAllocation = 16 << 20;

    /// <summary>Reads the content of the member that a reader is at. Memory is taken as the bytes come, not as the header
    /// promises.</summary>
    /// <exception cref="ShardFormatException">The member is too large for an array, or the tar is damaged.</exception>
    public static async ValueTask<byte[]> ReadAsync(TarStreamReader tar, string location, CancellationToken cancellationToken)
    {
        if (tar.Size > Array.MaxLength)
        {
            throw new ShardFormatException(
                new ShardLocation(location, tar.Start), $"a member of {tar.Size} bytes is too large to be read into memory.");
        }

        var bytes = new byte[Math.Min(tar.Size, FirstAllocation)];
        for (var count = 0; count < tar.Size;)
        {
            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(2L * bytes.Length, tar.Size));
            }

            count += await tar.ReadAsync(bytes.AsMemory(count), cancellationToken).ConfigureAwait(false);
        }

        return bytes;
    }
}
