// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using TorchStreaming.Storage;

namespace TorchStreaming.TestKit;

/// <summary>What an <see cref="AIStoreServer"/> stores. Thread-safe.</summary>
public sealed class AIStoreContents
{
    private readonly ConcurrentDictionary<AISBucketName, ConcurrentDictionary<string, AIStoreStoredObject>> _buckets = new();

    /// <summary>Gets the buckets.</summary>
    internal IEnumerable<AISBucketName> Buckets => _buckets.Keys;

    /// <summary>Makes a bucket; false when it is there.</summary>
    internal bool CreateBucket(AISBucketName bucket) => _buckets.TryAdd(bucket, new(StringComparer.Ordinal));

    /// <summary>Takes a bucket away; false when it is not there.</summary>
    internal bool RemoveBucket(AISBucketName bucket) => _buckets.TryRemove(bucket, out _);

    /// <summary>Says whether there is a bucket.</summary>
    internal bool HasBucket(AISBucketName bucket) => _buckets.ContainsKey(bucket);

    /// <summary>Puts an object into one of AIStore's own buckets, which is made if need be. The same content keeps its version.</summary>
    internal AIStoreStoredObject Put(string bucket, string name, byte[] content) => Put(AISBucketName.Create(bucket), name, content);

    /// <summary>Puts an object into a bucket, which is made if need be.</summary>
    internal AIStoreStoredObject Put(AISBucketName bucket, string name, byte[] content)
    {
        var objects = _buckets.GetOrAdd(bucket, static _ => new(StringComparer.Ordinal));
        return objects.AddOrUpdate(
            name,
            _ => Make(content, 1),
            (_, old) => old.Content.AsSpan().SequenceEqual(content) ? old : Make(content, old.Version + 1));
    }

    /// <summary>Takes an object away; false when it is not there.</summary>
    internal bool Remove(AISBucketName bucket, string name) =>
        _buckets.TryGetValue(bucket, out var objects) && objects.TryRemove(name, out _);

    /// <summary>Finds an object; null when it is not there.</summary>
    internal AIStoreStoredObject? Find(AISBucketName bucket, string name) =>
        _buckets.TryGetValue(bucket, out var objects) && objects.TryGetValue(name, out var found) ? found : null;

    /// <summary>Gets the objects of a bucket.</summary>
    internal IEnumerable<KeyValuePair<string, AIStoreStoredObject>> List(AISBucketName bucket) =>
        _buckets.TryGetValue(bucket, out var objects) ? objects : [];

    private static AIStoreStoredObject Make(byte[] content, int version) =>
        new(content, version, XxHash64.HashToUInt64(content).ToString("x16", CultureInfo.InvariantCulture));
}
