// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>The source of a write, shared by its legs and attempts.</summary>
internal sealed class AISUpload
{
    private readonly string _location;
    private readonly long _start;
    private bool _hasBegun;

    public AISUpload(Stream source, string location)
    {
        Source = source;
        _location = location;
        _start = source.CanSeek ? source.Position : 0;
        Length = source.CanSeek ? source.Length - _start : null;
    }

    public Stream Source { get; }

    /// <summary>Gets how many bytes there are; null when the source does not know.</summary>
    public long? Length { get; }

    /// <summary>Gets whether the source can still be sent from its start.</summary>
    public bool CanBegin => !_hasBegun || Source.CanSeek;

    /// <summary>Puts the source at its start.</summary>
    public void Begin()
    {
        if (!CanBegin)
        {
            throw new StorageException(
                StorageErrorKind.Unavailable,
                _location,
                $"Could not write '{_location}': the content was sent once and cannot be read again. Give a stream that can seek.");
        }

        if (_hasBegun)
        {
            Source.Position = _start;
        }

        _hasBegun = true;
    }
}
