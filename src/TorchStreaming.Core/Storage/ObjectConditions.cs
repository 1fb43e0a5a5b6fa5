// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Checks of a read that stores without a server make by themselves.</summary>
internal static class ObjectConditions
{
    /// <summary>Refuses an object that is not the one the caller knows.</summary>
    public static void ThrowIfChanged(ObjectInfo info, string? ifMatch, string location)
    {
        if (ifMatch is not null && info.ETag is not null && info.ETag != ifMatch)
        {
            throw Changed(location);
        }
    }

    /// <summary>Says that an object is not the one the caller knows.</summary>
    public static StorageException Changed(string location, Exception? error = null) => new(
        StorageErrorKind.PreconditionFailed,
        location,
        $"'{location}' changed while it was being read. Read it again from its start.",
        error);

    /// <summary>Says that a range starts beyond the end.</summary>
    public static StorageException BeyondEnd(string location, long offset, long? size) => new(
        StorageErrorKind.PreconditionFailed,
        location,
        $"The bytes from {offset} on were asked of '{location}', which has "
            + $"{size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "fewer"}. "
            + "The object is shorter than its index says, or changed.");

    /// <summary>Refuses a range that no object can have.</summary>
    public static void ThrowIfInvalid(ByteRange? range)
    {
        if (range is { } wanted)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(wanted.Offset, nameof(range));
            if (wanted.Length is { } length)
            {
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length, nameof(range));
            }
        }
    }

    /// <summary>Cuts a range to an object's size.</summary>
    public static (long Offset, long Length) Resolve(ByteRange? range, long size, string location)
    {
        ThrowIfInvalid(range);
        if (range is not { } wanted)
        {
            return (0, size);
        }

        return wanted.Offset < size
            ? (wanted.Offset, Math.Min(wanted.Length ?? long.MaxValue, size - wanted.Offset))
            : throw BeyondEnd(location, wanted.Offset, size);
    }
}
