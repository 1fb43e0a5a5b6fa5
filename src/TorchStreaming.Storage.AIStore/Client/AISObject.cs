// SPDX-License-Identifier: MIT

using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace TorchStreaming.Storage;

/// <summary>An object of a bucket.</summary>
/// <remarks>Thread-safe. Mirrors <c>aistore.sdk.Object</c>.</remarks>
public sealed class AISObject
{
    private static readonly AISReadOptions Plain = new();

    internal AISObject(AISBucket bucket, string name, long size)
    {
        Bucket = bucket;
        Name = name;
        Size = size;
    }

    /// <summary>Gets the bucket.</summary>
    public AISBucket Bucket { get; }

    /// <summary>Gets the name within the bucket.</summary>
    public string Name { get; }

    /// <summary>Gets the size in bytes that a listing gave; -1 when the object was only named.</summary>
    public long Size { get; }

    private string Location => Bucket.Calls.LocationOf(Name);

    /// <summary>Gets the object's facts.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The facts.</returns>
    /// <exception cref="StorageException">There is no such object, or the call failed.</exception>
    public ValueTask<AISObjectAttributes> HeadAsync(CancellationToken cancellationToken = default) => Bucket.Client.RunAsync(
        Location,
        this,
        static (self, token) => new ValueTask<AISObjectAttributes>(self.Bucket.Calls.HeadAsync(self.Name, token)),
        cancellationToken);

    /// <summary>Opens the object for reading from front to back. A read of the object's own bytes that breaks off continues after its last
    /// byte, if the object is still the same.</summary>
    /// <param name="options">What to read; <see langword="null"/> for all of it.</param>
    /// <param name="cancellationToken">Ends the call and later reads.</param>
    /// <returns>The content, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="StorageException">There is no such object, or the call failed.</exception>
    public ValueTask<ObjectContent> OpenReadAsync(AISReadOptions? options = null, CancellationToken cancellationToken = default) =>
        AISObjectReads.OpenAsync(this, options ?? Plain, cancellationToken);

    /// <summary>Reads the object into memory.</summary>
    /// <param name="options">What to read; <see langword="null"/> for all of it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The bytes, compared with the object's checksum where there is one; the caller's own.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="StorageException">There is no such object, the call failed, or the bytes are damaged.</exception>
    public ValueTask<byte[]> ReadAsync(AISReadOptions? options = null, CancellationToken cancellationToken = default) =>
        AISObjectReads.ReadAsync(this, options ?? Plain, cancellationToken);

    /// <summary>Writes the object, replacing what was there.</summary>
    /// <param name="content">The bytes; the cluster compares them with their checksum.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task that ends when the object is published.</returns>
    /// <exception cref="StorageException">The call failed.</exception>
    public async ValueTask PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var hash = XxHash64.HashToUInt64(content.Span).ToString("x16", CultureInfo.InvariantCulture);
        using var stream = MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray());
        await PutAsync(stream, hash, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the object, replacing what was there.</summary>
    /// <param name="content">The bytes, read to the end; not disposed. A write is tried again only if they can be read again.</param>
    /// <param name="cancellationToken">Ends the call; nothing is published then.</param>
    /// <returns>A task that ends when the object is published.</returns>
    /// <exception cref="StorageException">The call failed.</exception>
    public ValueTask PutAsync(Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return PutAsync(content, null, cancellationToken);
    }

    /// <summary>Deletes the object.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task that ends when the object is gone.</returns>
    /// <exception cref="StorageException">There is no such object, or the call failed.</exception>
    public async ValueTask DeleteAsync(CancellationToken cancellationToken = default) => await Bucket.Client.RunAsync(
        Location,
        this,
        static async (self, token) =>
        {
            await self.Bucket.Calls.DeleteAsync(self.Name, token).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <summary>Gets the object's address at the proxy.</summary>
    /// <param name="etlName">The transform to read it through; <see langword="null"/> for none.</param>
    /// <returns>The address.</returns>
    public Uri GetUrl(string? etlName = null)
    {
        var query = new AISReadOptions { EtlName = etlName }.ToQuery(Bucket.Identity);
        var root = Bucket.Client.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri($"{root}/v1/objects/{Bucket.Name}/{AISObjectName.Escape(Name)}?{query}");
    }

    /// <summary>Renders the object as AIStore's messages do.</summary>
    /// <returns>For example <c>ais://imagenet/a.jpg</c>.</returns>
    public override string ToString() => Location;

    private async ValueTask PutAsync(Stream content, string? hash, CancellationToken cancellationToken)
    {
        var upload = new AISUpload(content, Location);
        var session = Bucket.Client.NewSession();
        while (true)
        {
            try
            {
                await Bucket.Calls.PutAsync(Name, upload, hash, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (StorageException error) when (upload.CanBegin)
            {
                await session.WaitAsync(error, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
