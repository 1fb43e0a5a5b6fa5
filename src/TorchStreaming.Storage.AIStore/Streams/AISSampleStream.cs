// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Diagnostics;
using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Reads what AIStore sources hold, from their first object to their last, epoch by epoch. A derived reader says what samples an
/// object has.</summary>
/// <typeparam name="TSample">What is read.</typeparam>
/// <remarks>Listings are lazy: pages are fetched as the reader continues. One epoch at a time, by one thread at a time. What is delivered is a
/// function of the cluster's content, the options and the state; retries, prefetching and batching never change it.</remarks>
internal abstract class AISSampleStream<TSample>
{
    private readonly AISObjectList _list;
    private AISStreamState _next;
    private AISStreamState _current;

    /// <summary>Creates the reader; no I/O is done yet.</summary>
    /// <param name="sources">The sources: buckets or groups of objects, at least one.</param>
    /// <param name="options">How to read; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    protected AISSampleStream(IReadOnlyList<AISSource> sources, AISStreamOptions? options)
    {
        Options = options ?? new AISStreamOptions();
        _list = new AISObjectList(sources, Options.PrefixMap, GetType().Name);
        _next = _current = StateAt(0, 0, 0);
    }

    /// <summary>Gets the sources, in order.</summary>
    public IReadOnlyList<AISSource> Sources => _list.Sources;

    /// <summary>Gets how the reader reads.</summary>
    public AISStreamOptions Options { get; }

    /// <summary>Gets the fields seen so far, for readers whose samples have some.</summary>
    protected virtual IReadOnlyList<string> SeenFields => [];

    /// <summary>Reads an epoch: the one that a loaded state was taken in, from there on, else the next one from its start.</summary>
    /// <param name="cancellationToken">Ends the epoch.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="StorageException">A listing or a read failed.</exception>
    /// <exception cref="ShardFormatException">A shard is damaged.</exception>
    public async IAsyncEnumerable<TSample> ReadEpochAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var start = _next;
        _next = StateAt(start.Epoch + 1, 0, 0);
        _current = start;
        var objects = SkipAsync(_list.ReadShareAsync(Options, start.Epoch, cancellationToken), start.Objects, cancellationToken);
        await foreach (var (sample, endsObject) in ReadSamplesAsync(objects, start.Samples, cancellationToken).ConfigureAwait(false))
        {
            _current = endsObject
                ? StateAt(start.Epoch, _current.Objects + 1, 0)
                : StateAt(start.Epoch, _current.Objects, _current.Samples + 1);
            if (sample.HasValue)
            {
                yield return sample.Value;
            }
        }

        _current = StateAt(start.Epoch + 1, 0, 0);
    }

    /// <summary>Reads an epoch on the caller's thread, which waits; see <see cref="ReadEpochAsync"/>.</summary>
    /// <returns>The samples.</returns>
    public IEnumerable<TSample> ReadEpoch() => BlockingEnumeration.Of(ReadEpochAsync());

    /// <summary>Lists the objects of this reader's share, in the order of an epoch.</summary>
    /// <param name="epoch">The epoch, which matters when the order is shuffled.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The objects.</returns>
    /// <exception cref="StorageException">The listing failed.</exception>
    public IAsyncEnumerable<AISObject> ListObjectsAsync(long epoch = 0, CancellationToken cancellationToken = default) =>
        _list.ReadShareAsync(Options, epoch, cancellationToken);

    /// <summary>Says where the reader is: after the last sample it gave.</summary>
    /// <returns>The state.</returns>
    public AISStreamState StateDict() => _current;

    /// <summary>Lets the next epoch start where a state was taken. What is before is listed and not read.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ResumeException">The state is of another share or of another seed.</exception>
    public void LoadStateDict(AISStreamState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = StateAt(0, 0, 0);
        if ((state.Share, state.ShareCount, state.Seed) != (own.Share, own.ShareCount, own.Seed))
        {
            throw new ResumeException(
                $"The state is of share {state.Share} of {state.ShareCount} with seed {state.Seed?.ToString() ?? "none"}, the reader is of "
                    + $"share {own.Share} of {own.ShareCount} with seed {own.Seed?.ToString() ?? "none"}. Load each share's own state, with "
                    + "the options it was taken with.");
        }

        Restore(state);
        _next = _current = state;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{GetType().Name}: {Counted.Of(_current.Objects, "object")} of its share of epoch {_current.Epoch} done";

    /// <summary>Reads the samples of objects.</summary>
    /// <param name="objects">The objects that are left.</param>
    /// <param name="skip">How many samples of the first one to leave out.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>Each sample with whether it is its object's last; an object without samples is one without a value.</returns>
    protected abstract IAsyncEnumerable<(AISMaybe<TSample> Sample, bool EndsObject)> ReadSamplesAsync(
        IAsyncEnumerable<AISObject> objects, long skip, CancellationToken cancellationToken);

    /// <summary>Takes over what else a state holds.</summary>
    /// <param name="state">The state.</param>
    protected virtual void Restore(AISStreamState state)
    {
    }

    private AISStreamState StateAt(long epoch, long objects, long samples) => new(
        epoch,
        objects,
        samples,
        Options.Worker.Share,
        Options.Worker.ShareCount,
        Options.Shuffle ? Options.Seed : null,
        [.. SeenFields]);

    private static async IAsyncEnumerable<AISObject> SkipAsync(
        IAsyncEnumerable<AISObject> objects, long count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in objects.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (count-- <= 0)
            {
                yield return item;
            }
        }
    }
}
