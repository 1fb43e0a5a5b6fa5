// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

namespace TorchStreaming.Storage;

/// <summary>Objects of a bucket by their names, which are not looked for by a listing.</summary>
/// <remarks>Thread-safe. Mirrors <c>aistore.sdk.ObjectGroup</c>: explicit names, or a template that was expanded. A listing asks for each
/// object's size with a call of its own.</remarks>
public sealed class AISObjectGroup : AISSource
{
    internal AISObjectGroup(AISBucket bucket, IReadOnlyList<string> names)
        : base(bucket.Client)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
        {
            AISObjectName.ThrowIfInvalid(name);
        }

        Bucket = bucket;
        Names = [.. names];
    }

    /// <summary>Gets the bucket.</summary>
    public AISBucket Bucket { get; }

    /// <summary>Gets the names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<AISObject> ListAllObjectsAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        foreach (var name in Names)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                var attributes = await Bucket.Object(name).HeadAsync(cancellationToken).ConfigureAwait(false);
                yield return new AISObject(Bucket, name, attributes.Size);
            }
        }
    }

    /// <summary>Names the group.</summary>
    /// <returns>For example <c>ais://imagenet (100 objects)</c>.</returns>
    public override string ToString() => $"{Bucket} ({Names.Count} objects)";
}
