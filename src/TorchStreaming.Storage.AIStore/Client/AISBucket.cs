// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>A bucket of a cluster, AIStore's own or a remote backend's.</summary>
/// <remarks>Two handles of the same bucket are equal, so that either finds an entry of a prefix map; in the reference only the same handle
/// does. Thread-safe. Mirrors <c>aistore.sdk.Bucket</c>.</remarks>
public sealed class AISBucket : AISSource, IEquatable<AISBucket>
{
    internal AISBucket(AISClient client, AISBucketName name)
        : base(client)
    {
        Identity = name;
        Calls = new AISObjectCalls(client.Transport, client.Options, name);
    }

    /// <summary>Gets the bucket's name.</summary>
    public string Name => Identity.Name;

    /// <summary>Gets what identifies the bucket.</summary>
    internal AISBucketName Identity { get; }

    internal AISObjectCalls Calls { get; }

    private string Path => "/v1/buckets/" + Name;

    /// <summary>Names an object. No I/O is done.</summary>
    /// <param name="name">The object.</param>
    /// <returns>The object.</returns>
    /// <exception cref="ArgumentException">No object can have the name.</exception>
    public AISObject Object(string name)
    {
        AISObjectName.ThrowIfInvalid(name);
        return new AISObject(this, name, -1);
    }

    /// <summary>Names a group of objects. No I/O is done.</summary>
    /// <param name="names">Their names.</param>
    /// <returns>The group.</returns>
    public AISObjectGroup Objects(IReadOnlyList<string> names) => new(this, names);

    /// <summary>Names a group of objects by a template. No I/O is done.</summary>
    /// <param name="template">A name with ranges in braces, such as <c>shard-{0000..0099..2}-{1..2}.tar</c>; the rightmost range runs
    /// fastest.</param>
    /// <returns>The group.</returns>
    /// <exception cref="ArgumentException">The template is malformed.</exception>
    public AISObjectGroup Objects(string template) => new(this, AISNameTemplate.Expand(template));

    /// <summary>Creates the bucket; AIStore's own only.</summary>
    /// <param name="existOk">Whether a bucket that is there already is no error.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task that ends when the bucket is there.</returns>
    /// <exception cref="StorageException">The call failed.</exception>
    public async ValueTask CreateAsync(bool existOk = false, CancellationToken cancellationToken = default)
    {
        try
        {
            await Client.CallAsync(ActionOf(HttpMethod.Post, "create-bck", "create"), cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException error) when (existOk && error.Kind == StorageErrorKind.PreconditionFailed)
        {
            // It is there, which is what was wanted.
        }
    }

    /// <summary>Destroys the bucket and all it holds; AIStore's own only.</summary>
    /// <param name="missingOk">Whether a bucket that is not there is no error.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task that ends when the bucket is gone.</returns>
    /// <exception cref="StorageException">The call failed.</exception>
    public async ValueTask DeleteAsync(bool missingOk = false, CancellationToken cancellationToken = default)
    {
        try
        {
            await Client.CallAsync(ActionOf(HttpMethod.Delete, "destroy-bck", "destroy"), cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException error) when (missingOk && error.Kind == StorageErrorKind.NotFound)
        {
            // It is gone, which is what was wanted.
        }
    }

    /// <summary>Gets the bucket's properties, as the cluster writes them.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The properties, for example <c>checksum.type</c>.</returns>
    /// <exception cref="StorageException">There is no such bucket, or the call failed.</exception>
    public async ValueTask<JsonElement> HeadAsync(CancellationToken cancellationToken = default)
    {
        var request = new AISRequest(HttpMethod.Head, Path, Identity.Query, "look up", ToString());
        return await Client.RunAsync(
            ToString(),
            (Client.Transport, request),
            static async (state, token) =>
            {
                using var response = await state.Transport.SendAsync(state.request, token).ConfigureAwait(false);
                try
                {
                    using var json = JsonDocument.Parse(response.Headers.GetValues("Ais-Bucket-Props").First());
                    return json.RootElement.Clone();
                }
                catch (Exception error) when (error is JsonException or InvalidOperationException)
                {
                    throw CloudErrors.Malformed("look up", state.request.Location, error);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists the bucket page by page, as the enumeration continues. A listing is no snapshot.</summary>
    /// <param name="options">What to list; <see langword="null"/> for names and sizes of everything.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The entries; AIStore's own buckets are in the order of their names' bytes.</returns>
    /// <exception cref="StorageException">The listing failed.</exception>
    public IAsyncEnumerable<AISListEntry> ListAsync(AISListOptions? options = null, CancellationToken cancellationToken = default) =>
        new AISListing(Client.Transport, Identity, options ?? new AISListOptions()).ReadAsync(Client.NewSession, cancellationToken);

    /// <summary>Lists the members of an archive.</summary>
    /// <param name="archive">The object that is an archive.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The members, named by their paths within the archive, in the order of their names' bytes.</returns>
    /// <exception cref="StorageException">The listing failed.</exception>
    public async IAsyncEnumerable<AISListEntry> ListArchiveAsync(
        string archive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        AISObjectName.ThrowIfInvalid(archive);

        // The server's prefix is that of objects: it gives 'a.tar2' and 'a.tar.idx' for 'a.tar' too.
        var inside = archive + "/";
        var options = new AISListOptions { Prefix = archive, Archives = true };
        await foreach (var entry in ListAsync(options, cancellationToken).ConfigureAwait(false))
        {
            if (entry.IsArchiveMember && entry.Name.Length > inside.Length && entry.Name.StartsWith(inside, StringComparison.Ordinal))
            {
                yield return entry with { Name = entry.Name[inside.Length..] };
            }
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<AISObject> ListAllObjectsAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await foreach (var entry in ListAsync(new AISListOptions { Prefix = prefix }, cancellationToken).ConfigureAwait(false))
        {
            yield return new AISObject(this, entry.Name, entry.Size);
        }
    }

    /// <inheritdoc/>
    public bool Equals(AISBucket? other) =>
        other is not null && Identity == other.Identity && Client.Endpoint == other.Client.Endpoint;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AISBucket);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Identity, Client.Endpoint);

    /// <summary>Renders the bucket as AIStore's messages do.</summary>
    /// <returns>For example <c>ais://imagenet</c>.</returns>
    public override string ToString() => Identity.ToString();

    private AISRequest ActionOf(HttpMethod method, string action, string what)
    {
        var body = AISJson.ActionOf(action);
        return new AISRequest(method, Path, Identity.Query, what, ToString()) { Body = () => AISJson.ContentOf(body) };
    }
}
