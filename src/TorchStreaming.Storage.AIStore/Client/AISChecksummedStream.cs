// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Compares the bytes that pass with the checksum that the server promised, and fails before the last of them is given
/// away.</summary>
internal sealed class AISChecksummedStream : ReadOnlyStream
{
    private readonly Stream _inner;
    private readonly ObjectChecksum _checksum;
    private readonly AISObjectAttributes _promised;
    private readonly string _location;
    private readonly long _length;
    private long _seen;

    /// <param name="inner">The bytes; owned.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="checksum">The running checksum; owned.</param>
    /// <param name="promised">What the server promised.</param>
    /// <param name="location">The object, for messages.</param>
    public AISChecksummedStream(Stream inner, long length, ObjectChecksum checksum, AISObjectAttributes promised, string location)
    {
        _inner = inner;
        _length = length;
        _checksum = checksum;
        _promised = promised;
        _location = location;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _checksum.Append(buffer.Span[..read]);
        _seen += read;
        if (read > 0 && _seen == _length && _checksum.GetHexDigest() is var found
            && !string.Equals(found, _promised.ChecksumValue, StringComparison.OrdinalIgnoreCase))
        {
            throw Mismatch(_location, _promised, found);
        }

        return read;
    }

    /// <summary>Says that bytes are not the promised ones. That does not pass: whoever resumes the read would give the wrong bytes
    /// away.</summary>
    public static StorageException Mismatch(string location, AISObjectAttributes promised, string found) => new(
        StorageErrorKind.Other,
        location,
        $"'{location}' arrived damaged: its {promised.ChecksumType} checksum is {found}, the server promised {promised.ChecksumValue}. "
            + "Read it again; if that fails too, the object is damaged where it is stored.");

    protected override async ValueTask CloseAsync()
    {
        _checksum.Dispose();
        await _inner.DisposeAsync().ConfigureAwait(false);
    }
}
