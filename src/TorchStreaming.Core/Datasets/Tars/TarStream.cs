// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using TorchStreaming.Datasets;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>Reads the samples of tars from front to back, without an index and without a local copy: compressed tars too, from any
/// store.</summary>
/// <remarks>
/// <para>Each reader — a worker of a rank — has every so-many-th tar of the epoch's order to itself, so ranks and workers see different
/// samples, and not all equally many. What is delivered depends on the tars, the options and the epoch alone. Shuffling is that of a
/// buffer: for shuffling over all samples, equal shares, random access and resumption on other numbers of ranks, open the tars as a
/// <see cref="StreamingDataset"/>.</para>
/// <para>Memory is that of the samples which are read ahead or wait in the buffer. One caller at a time.</para>
/// </remarks>
public sealed class TarStream : IAsyncDisposable
{
    private readonly RetryingObjectStore _store;
    private TarStreamState _state;
    private List<Place> _waiting = [];
    private int? _waitingCount;
    private bool _isReading;

    private TarStream(RetryingObjectStore store, ImmutableArray<string> tars, TarStreamOptions options, World world)
    {
        _store = store;
        Options = options;
        World = world;
        Tars = tars;
        Fingerprint = CreateFingerprint();
        _state = StartOf(0);
    }

    /// <summary>Gets the options as given.</summary>
    public TarStreamOptions Options { get; }

    /// <summary>Gets where this process is among those that train together.</summary>
    public World World { get; }

    /// <summary>Gets the names of all tars, in order.</summary>
    public ImmutableArray<string> Tars { get; }

    /// <summary>Gets where the tars are, free of secrets.</summary>
    public string Location => _store.Location;

    private string Fingerprint { get; }

    /// <summary>Opens tars.</summary>
    /// <param name="location">One tar, a pattern such as <c>s3://b/train-{000000..000146}.tar</c>, or the folder or prefix of the
    /// tars.</param>
    /// <param name="options">How to read them; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The stream, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">An option is wrong, or there are fewer tars than readers.</exception>
    /// <exception cref="StorageException">There are no tars, or they cannot be listed.</exception>
    public static async ValueTask<TarStream> OpenAsync(
        string location, TarStreamOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        options ??= new TarStreamOptions();
        options.Validate(nameof(options));
        var world = options.World ?? World.FromEnvironment();
        var (source, tars) = ResolvedStream.ResolveTars(new DataStream { Remote = location, Tars = options.Tars });
        var store = new RetryingObjectStore(
            options.Stores.Open(source.Remote!, options.StoreOptions),
            options.Retry,
            options.StoreOptions.TimeProvider,
            options.LoggerFactory);
        try
        {
            var names = await FindAsync(store, tars!, cancellationToken).ConfigureAwait(false);
            var readers = world.RankCount * options.WorkerCount;
            return names.Length >= readers
                ? new TarStream(store, names, options, world)
                : throw new ArgumentException(
                    $"{names.Length} tars cannot be divided among {readers} readers ({world.RankCount} ranks with {options.WorkerCount} "
                    + "workers). Use fewer workers, write more tars, or open them as a StreamingDataset.",
                    nameof(options));
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the rest of the current epoch; the next call reads the next one.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The samples, each of which the caller disposes.</returns>
    /// <exception cref="ShardFormatException">A tar is damaged, or its members make no samples.</exception>
    /// <exception cref="StorageException">A tar is missing or cannot be read.</exception>
    /// <exception cref="InvalidOperationException">An epoch is being read already.</exception>
    public async IAsyncEnumerable<TarSample> ReadEpochAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_isReading)
        {
            throw new InvalidOperationException("An epoch is being read already; end its enumeration first.");
        }

        _isReading = true;
        var from = _state = StateDict();
        var waiting = _waiting = [];
        _waitingCount = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = Channel.CreateBounded<Place>(new BoundedChannelOptions(Options.ReadAhead) { SingleReader = true, SingleWriter = true });
        var pump = Task.Run(() => PumpAsync(ahead.Writer, from, stop.Token), CancellationToken.None);
        try
        {
            var size = Math.Max(1, Options.ShuffleBuffer);
            while (true)
            {
                while (waiting.Count < size && await ahead.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false)
                    && ahead.Reader.TryRead(out var next))
                {
                    waiting.Add(next);
                }

                if (waiting.Count == 0)
                {
                    break;
                }

                yield return Deliver(waiting);
            }

            _state = StartOf(from.Epoch + 1);
            _waitingCount = null;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            waiting.ForEach(static place => place.Content.Dispose());
            while (ahead.Reader.TryRead(out var place))
            {
                place.Content.Dispose();
            }

            _isReading = false;
        }
    }

    /// <summary>Gets where the stream is: after the sample delivered last.</summary>
    /// <returns>The state.</returns>
    public TarStreamState StateDict() => _waitingCount is { } count
        ? _state with { Waiting = [.. _waiting.Take(count).Select(static place => (place.Tar, place.Sample))] }
        : _state;

    /// <summary>Continues where a stream was: the next epoch read is the rest of that one.</summary>
    /// <param name="state">The state of a stream over the same tars with the same options, rank and worker.</param>
    /// <exception cref="ResumeException">The state is of another stream.</exception>
    /// <exception cref="InvalidOperationException">An epoch is being read.</exception>
    public void LoadStateDict(TarStreamState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (_isReading)
        {
            throw new InvalidOperationException("An epoch is being read; end its enumeration first.");
        }

        var tars = TarsOf(state.Epoch).Length;
        _waitingCount = null;
        _state = state.Fingerprint == Fingerprint && state.Tar <= tars && state.Waiting.All(place => place.Tar < tars)
            && state.Waiting.Length <= Math.Max(1, Options.ShuffleBuffer)
            ? state
            : throw new ResumeException(
                "The state is of a stream over other tars, with other options, or of another rank or worker. Give the same ones; to continue with "
                + "another number of ranks, open the tars as a StreamingDataset.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Counted.Of(Tars.Length, "tar")} of {Location}, read from front to back; epoch {_state.Epoch}, {Counted.Of(_state.Delivered, "sample")} of it given";

    private static async ValueTask<ImmutableArray<string>> FindAsync(
        RetryingObjectStore store, TarOptions tars, CancellationToken cancellationToken)
    {
        var names = tars.Shards.SelectMany(static pattern => BracePattern.Expand(pattern)).ToList();
        if (names.Count == 0)
        {
            await foreach (var info in store.ListAsync("", cancellationToken).ConfigureAwait(false))
            {
                if (TarCompression.TryGet(info.Key, out _))
                {
                    names.Add(info.Key);
                }
            }
        }

        return names.Count > 0 ? [.. names] : throw new StorageException(
            StorageErrorKind.NotFound, store.Location, $"There is no tar below '{store.Location}'. Check the location, or name the tars.");
    }

    private TarStreamState StartOf(long epoch) => new(epoch, 0, 0, 0, [], Fingerprint);

    private ImmutableArray<int> TarsOf(long epoch) => ShuffledTars.GetTars(Tars.Length, Options, World, epoch);

    private TarSample Deliver(List<Place> waiting)
    {
        var chosen = ShuffledTars.Choose(Options, _state.Epoch, _state.Delivered, waiting.Count);
        var content = waiting[chosen].Content;
        var newest = waiting[^1];
        waiting[chosen] = newest;
        waiting.RemoveAt(waiting.Count - 1);

        // The source is after the newest sample that was taken from it, which may be the one delivered.
        var isNewer = (newest.NextTar, newest.NextSample).CompareTo((_state.Tar, _state.Sample)) > 0;
        _state = _state with
        {
            Delivered = _state.Delivered + 1,
            Tar = isNewer ? newest.NextTar : _state.Tar,
            Sample = isNewer ? newest.NextSample : _state.Sample,
            Waiting = [],
        };

        // What is added after these before the next delivery is read again after a resumption.
        _waitingCount = waiting.Count;
        return content;
    }

    /// <summary>Reads ahead: first what waited in the buffer when the state was taken, then what follows.</summary>
    private async Task PumpAsync(ChannelWriter<Place> output, TarStreamState from, CancellationToken cancellationToken)
    {
        try
        {
            var tars = TarsOf(from.Epoch);
            foreach (var place in await ReadWaitingAsync(tars, from, cancellationToken).ConfigureAwait(false))
            {
                await output.WriteAsync(place, cancellationToken).ConfigureAwait(false);
            }

            for (var tar = from.Tar; tar < tars.Length; tar++)
            {
                var first = tar == from.Tar ? from.Sample : 0;
                var place = 0L;
                await foreach (var sample in ReadTarAsync(tars[tar], i => i >= first, cancellationToken).ConfigureAwait(false))
                {
                    if (sample is not null && Complete(sample, tars[tar], place))
                    {
                        await output.WriteAsync(new Place(tar, place, sample, tar, place + 1), cancellationToken).ConfigureAwait(false);
                    }

                    place++;
                }
            }

            output.Complete();
        }
        catch (Exception exception)
        {
            output.Complete(exception);
        }
    }

    private async ValueTask<Place[]> ReadWaitingAsync(ImmutableArray<int> tars, TarStreamState from, CancellationToken cancellationToken)
    {
        var places = new Place?[from.Waiting.Length];
        foreach (var group in from.Waiting.Select(static (place, i) => (place.Tar, place.Sample, Slot: i)).GroupBy(static place => place.Tar))
        {
            var slots = group.ToDictionary(static place => place.Sample, static place => place.Slot);
            var last = slots.Keys.Max();
            var at = 0L;
            await foreach (var sample in ReadTarAsync(tars[group.Key], slots.ContainsKey, cancellationToken).ConfigureAwait(false))
            {
                if (sample is not null && Complete(sample, tars[group.Key], at))
                {
                    places[slots[at]] = new Place(group.Key, at, sample, from.Tar, from.Sample);
                }

                if (at++ == last)
                {
                    break;
                }
            }
        }

        return places.All(static place => place is not null)
            ? [.. places.Select(static place => place!)]
            : throw new ResumeException("A sample that waited when the state was taken is not in its tar any more. The tars have changed.");
    }

    private async IAsyncEnumerable<TarSample?> ReadTarAsync(
        int tar, Func<long, bool> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var content = await _store.OpenReadAsync(Tars[tar], cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var contentDisposal = content.ConfigureAwait(false);
        var stream = TarCompression.Decompress(content.Stream, Tars[tar]);
        await using var streamDisposal = stream.ConfigureAwait(false);
        var reader = new TarStreamReader(stream, $"{_store.Location}/{Tars[tar]}", leaveOpen: true);
        await using var readerDisposal = reader.ConfigureAwait(false);
        var samples = new TarSampleReader(reader, Tars[tar], Options.Tars);
        await foreach (var sample in samples.ReadAsync(wanted, cancellationToken).ConfigureAwait(false))
        {
            yield return sample;
        }

        if (content.Info.Size >= 0)
        {
            // A store compares an object with its checksum at the last byte, which may be after the tar's end mark.
            await content.Stream.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Applies the policy for missing fields.</summary>
    /// <returns>Whether the sample is delivered.</returns>
    private bool Complete(TarSample sample, int tar, long place)
    {
        foreach (var field in Options.Tars.Fields)
        {
            if (sample.Has(field))
            {
                continue;
            }

            switch (Options.Tars.MissingFields)
            {
                case TarMissingFields.Skip:
                    sample.Dispose();
                    return false;
                case TarMissingFields.Throw:
                    throw new ShardFormatException(
                        new ShardLocation(Tars[tar], Sample: place, Column: field), $"the sample '{sample.Key}' has no such field.");
                default:
                    sample.Add(field, 0);
                    break;
            }
        }

        return true;
    }

    private string CreateFingerprint()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Options.Tars.KeyRule} {Options.Tars.MissingFields} {Options.Shuffle} ")
            .Append(CultureInfo.InvariantCulture, $"{Options.ShuffleBuffer} {Options.ShuffleSeed} {World.RankCount} {World.Rank} ")
            .Append(CultureInfo.InvariantCulture, $"{Options.WorkerCount} {Options.Worker}\n")
            .AppendJoin('\n', Options.Tars.Fields)
            .Append('\n')
            .AppendJoin('\n', Tars);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    /// <summary>A sample with its place among the reader's tars, and the place that follows it in the source.</summary>
    private sealed record Place(int Tar, long Sample, TarSample Content, int NextTar, long NextSample);
}
