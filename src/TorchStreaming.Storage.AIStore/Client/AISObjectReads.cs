// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Storage;

/// <summary>Reads of objects with the client's retries.</summary>
internal static class AISObjectReads
{
    private const int FirstAllocation = 64 << 20;
    private const int EndOfTar = 1024;

    public static async ValueTask<ObjectContent> OpenAsync(AISObject item, AISReadOptions options, CancellationToken cancellationToken)
    {
        options.ThrowIfInvalid();
        if (options.IsPlain)
        {
            var (content, attributes) = await OpenPlainAsync(item, options, item.Bucket.Client.NewSession(), cancellationToken)
                .ConfigureAwait(false);
            return ChecksumOf(item, options, attributes) is { } checksum
                ? new ObjectContent(content.Info, new AISChecksummedStream(content.Stream, content.Info.Size, checksum, attributes, item.ToString()))
                : content;
        }

        var session = item.Bucket.Client.NewSession();
        var composed = await session.RunAsync(
            item.ToString(),
            (item, options),
            static (state, token) => state.item.Bucket.Calls.OpenAsync(state.item.Name, state.options, null, token),
            cancellationToken).ConfigureAwait(false);
        return new ObjectContent(composed.Info, new StallBoundedStream(composed.Stream, session, item.ToString()));
    }

    public static async ValueTask<byte[]> ReadAsync(AISObject item, AISReadOptions options, CancellationToken cancellationToken)
    {
        options.ThrowIfInvalid();
        var session = item.Bucket.Client.NewSession();
        if (!options.IsPlain)
        {
            return await ReadComposedAsync(item, options, session, cancellationToken).ConfigureAwait(false);
        }

        var (bytes, damage) = await ReadPlainAsync(item, options, session, cancellationToken).ConfigureAwait(false);
        if (damage is not null)
        {
            // Once more: damage on the way passes, damage at rest does not.
            (bytes, damage) = await ReadPlainAsync(item, options, session, cancellationToken).ConfigureAwait(false);
        }

        return damage is null ? bytes : throw damage;
    }

    private static async ValueTask<(ObjectContent Content, AISObjectAttributes Attributes)> OpenPlainAsync(
        AISObject item, AISReadOptions options, RetrySession session, CancellationToken cancellationToken)
    {
        var calls = new UncheckedReads(item.Bucket.Calls, options.Latest);
        var content = await ResumingStream.OpenAsync(
            calls, item.Name, options.Range, null, session, item.Bucket.Client.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        return (content, calls.Attributes!);
    }

    private static ObjectChecksum? ChecksumOf(AISObject item, AISReadOptions options, AISObjectAttributes attributes) =>
        options.Range is null && item.Bucket.Client.Options.VerifyChecksums && attributes.ChecksumValue is not null
            ? ObjectChecksum.Create(attributes.ChecksumType)
            : null;

    private static async ValueTask<(byte[] Bytes, StorageException? Damage)> ReadPlainAsync(
        AISObject item, AISReadOptions options, RetrySession session, CancellationToken cancellationToken)
    {
        var (content, attributes) = await OpenPlainAsync(item, options, session, cancellationToken).ConfigureAwait(false);
        byte[] bytes;
        await using (content.ConfigureAwait(false))
        {
            var size = content.Info.Size;
            var expected = options.Range is { } range ? Math.Min(range.Length ?? long.MaxValue, size - range.Offset) : size;
            bytes = await ReadToEndAsync(content.Stream, expected, item.ToString(), null, cancellationToken).ConfigureAwait(false);
        }

        using var checksum = ChecksumOf(item, options, attributes);
        checksum?.Append(bytes);
        var found = checksum?.GetHexDigest();
        return found is null || string.Equals(found, attributes.ChecksumValue, StringComparison.OrdinalIgnoreCase)
            ? (bytes, null)
            : (bytes, AISChecksummedStream.Mismatch(item.ToString(), attributes, found));
    }

    /// <summary>Reads what the cluster composes and cannot resume: members of archives, transformed objects.</summary>
    private static async ValueTask<byte[]> ReadComposedAsync(
        AISObject item, AISReadOptions options, RetrySession session, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ReadComposedOnceAsync(item, options, session, cancellationToken).ConfigureAwait(false);
            }
            catch (StorageException error)
            {
                await session.WaitAsync(error, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask<byte[]> ReadComposedOnceAsync(
        AISObject item, AISReadOptions options, RetrySession session, CancellationToken cancellationToken)
    {
        var content = await session.AttemptAsync(
            item.ToString(),
            (item, options),
            static (state, token) => state.item.Bucket.Calls.OpenAsync(state.item.Name, state.options, null, token),
            cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            var bytes = await ReadToEndAsync(content.Stream, content.Info.Size, item.ToString(), session, cancellationToken)
                .ConfigureAwait(false);
            if (options.ArchiveMatch is not null && (bytes.Length < EndOfTar || bytes.AsSpan(^EndOfTar..).ContainsAnyExcept((byte)0)))
            {
                throw new StorageException(
                    StorageErrorKind.Unavailable,
                    item.ToString(),
                    $"The members asked of '{item}' broke off: the archive that carries them has no end mark.");
            }

            return bytes;
        }
    }

    /// <summary>Reads all bytes. Memory is taken as they come, so that a server's promise alone takes none.</summary>
    private static async ValueTask<byte[]> ReadToEndAsync(
        Stream stream, long expected, string location, RetrySession? session, CancellationToken cancellationToken)
    {
        if (expected > Array.MaxLength)
        {
            throw new StorageException(
                StorageErrorKind.NotSupported,
                location,
                string.Create(CultureInfo.InvariantCulture, $"'{location}' has {expected} bytes, too many for one array. Open it as a stream."));
        }

        var bytes = new byte[expected < 0 ? 64 << 10 : Math.Min(expected, FirstAllocation)];
        var count = 0;
        while (true)
        {
            if (count == bytes.Length)
            {
                if (count == expected)
                {
                    return bytes;
                }

                Array.Resize(ref bytes, (int)Math.Min(Math.Max(bytes.Length * 2L, 1), expected < 0 ? Array.MaxLength : expected));
            }

            var rest = bytes.AsMemory(count);
            var read = session is null
                ? await stream.ReadAsync(rest, cancellationToken).ConfigureAwait(false)
                : await session.AttemptAsync(
                    location, (stream, rest), static (state, token) => state.stream.ReadAsync(state.rest, token), cancellationToken)
                    .ConfigureAwait(false);
            if (read == 0)
            {
                Array.Resize(ref bytes, count);
                return bytes;
            }

            count += read;
        }
    }

    /// <summary>What a resuming read opens: remembers what the last answer said, and leaves the checksum to the caller, who also has the
    /// bytes of earlier attempts.</summary>
    private sealed class UncheckedReads(AISObjectCalls calls, bool latest) : IObjectStore
    {
        public AISObjectAttributes? Attributes { get; private set; }

        public string Location => calls.Location;

        public async ValueTask<ObjectContent> OpenReadAsync(
            string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
        {
            var read = new AISReadOptions { Range = range, Latest = latest };
            var (attributes, content) = await calls.OpenWithAttributesAsync(key, read, ifMatch, verify: false, cancellationToken)
                .ConfigureAwait(false);
            Attributes = attributes;
            return content;
        }

        public ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default) =>
            calls.GetInfoAsync(key, cancellationToken);

        public ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
            calls.WriteAsync(key, content, cancellationToken);

        public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", CancellationToken cancellationToken = default) =>
            calls.ListAsync(prefix, cancellationToken);

        public ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default) => calls.DeleteAsync(key, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
