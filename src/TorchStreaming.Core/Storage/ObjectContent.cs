// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;

namespace TorchStreaming.Storage;

/// <summary>An open read of an object: its facts and its bytes. Dispose it to give the connection or file back.</summary>
public sealed class ObjectContent : IAsyncDisposable
{
    /// <summary>Creates the content.</summary>
    /// <param name="info">The whole object's facts, also when only a range is read.</param>
    /// <param name="stream">The bytes asked for; owned by this object from now on.</param>
    public ObjectContent(ObjectInfo info, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(stream);
        Info = info;
        Stream = stream;
    }

    /// <summary>Gets the whole object's facts, also when only a range is read.</summary>
    public ObjectInfo Info { get; }

    /// <summary>Gets the bytes asked for, readable once from front to back.</summary>
    public Stream Stream { get; }

    /// <summary>Gets whether the store sent the object from its start although a range was asked for. <see cref="Stream"/> gives the range all
    /// the same, at the price of the skipped bytes.</summary>
    public bool IgnoresRange { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Info.Size < 0 ? Info.Key : $"{Info.Key} ({Counted.Of(Info.Size, "byte")})";

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
