// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Sees to it that all requests of one download find the same object. Thread-safe.</summary>
internal sealed class ObjectVersion(string location)
{
    private ObjectInfo? _first;

    /// <summary>Gets the tag that later requests ask for, if it is known.</summary>
    public string? ETag => Volatile.Read(ref _first)?.ETag;

    /// <summary>Compares what an answer says with the first answer.</summary>
    /// <returns>Whether it is the first.</returns>
    /// <exception cref="StorageException">The object has changed.</exception>
    public bool Check(ObjectInfo info)
    {
        var first = Interlocked.CompareExchange(ref _first, info, null);
        if (first is null)
        {
            return true;
        }

        // A store without tags shows a change by size or time.
        return first.Size == info.Size && first.ETag == info.ETag && first.LastModified == info.LastModified
            ? false
            : throw ObjectConditions.Changed(location);
    }
}
