// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Caching;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Tensors;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>What all datasets of TorchSharp's kinds here are made of: an engine dataset, a recipe, and the epoch that is being
/// read.</summary>
/// <remarks>It stands between the engine's dataset and whatever starts epochs of it, so that samples read by number get the random
/// numbers of the epoch that was started last. Thread-safe, except that epochs are started one at a time.</remarks>
internal sealed class TensorSource : ILoaderSource, IDisposable
{
    private readonly ILoaderSource _engine;
    private readonly IDisposable? _owned;
    private EpochIdentity _started;
    private bool _disposed;

    private TensorSource(ILoaderSource engine, ulong seed, BatchRecipe recipe, IDisposable? owned)
    {
        _engine = engine;
        Recipe = recipe;
        _started = new EpochIdentity(unchecked((long)seed), -1);
        _owned = owned;
    }

    public StreamingDataset Dataset => (StreamingDataset)_engine;

    public BatchRecipe Recipe { get; }

    public ShardMap Shards => _engine.Shards;

    public int? BatchSize => _engine.BatchSize;

    public int? Predownload => _engine.Predownload;

    public long EpochLength => _engine.EpochLength;

    public ILoggerFactory LoggerFactory => _engine.LoggerFactory;

    public CacheStatistics CacheStatistics => _engine.CacheStatistics;

    public CacheBudget? CacheBudget => _engine.CacheBudget;

    /// <summary>Gets the epoch that was started last, from 0; -1 before the first.</summary>
    public long Epoch => Volatile.Read(ref _started).Epoch;

    /// <summary>Opens the dataset that options name.</summary>
    /// <param name="options">What to read and how.</param>
    /// <param name="createRecipe">Makes of the options how samples become tensors.</param>
    public static TensorSource Open<TOptions>(TOptions options, Func<TOptions, BatchRecipe> createRecipe)
        where TOptions : StreamingDatasetOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        var recipe = createRecipe(options);
        StreamingDataset dataset;
        try
        {
            dataset = StreamingDataset.Open(options);
        }
        catch
        {
            recipe.Dispose();
            throw;
        }

        return Create(dataset, recipe, leaveOpen: false);
    }

    /// <summary>Creates the source and checks that the samples have what the recipe needs.</summary>
    /// <param name="dataset">The engine's dataset.</param>
    /// <param name="recipe">How samples become tensors; disposed with the source, also when this fails.</param>
    /// <param name="leaveOpen">Whether the dataset is not disposed with the source.</param>
    public static TensorSource Create(StreamingDataset dataset, BatchRecipe recipe, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Create(dataset, dataset.Options.ShuffleSeed, recipe, leaveOpen ? null : dataset);
    }

    /// <summary>Creates the source and checks that the samples have what the recipe needs.</summary>
    /// <param name="engine">What the loader reads from.</param>
    /// <param name="seed">The seed of samples that are read before any epoch was started.</param>
    /// <param name="recipe">How samples become tensors; disposed with the source, also when this fails.</param>
    /// <param name="owned">What else is disposed with the source, also when this fails.</param>
    /// <exception cref="NotSupportedException">libtorch cannot be loaded.</exception>
    public static TensorSource Create(ILoaderSource engine, ulong seed, BatchRecipe recipe, IDisposable? owned)
    {
        var source = new TensorSource(engine, seed, recipe, owned);
        try
        {
            LibTorch.Require();
            foreach (var schema in source.Shards.Sources.SelectMany(static stream => stream.Schemas).Distinct())
            {
                recipe.Validate(schema);
            }

            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public EpochStart BeginEpoch(int batchSize, int workers)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(StreamingTensorDataset));
        var start = _engine.BeginEpoch(batchSize, workers);
        Volatile.Write(ref _started, new EpochIdentity(start.Seed, start.Epoch));
        Recipe.BeginEpoch(start, Shards, batchSize);
        return start;
    }

    public LoaderState StateDict(long samplesYielded) => _engine.StateDict(samplesYielded);

    public void LoadStateDict(LoaderState state) => _engine.LoadStateDict(state);

    /// <summary>Makes the tensors of one sample, with the random numbers of the epoch that was started last. They belong to the current
    /// dispose scope.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public Dictionary<string, Tensor> Read(long sampleId)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(StreamingTensorDataset));
        var (shard, index) = Shards.Spanner.Find(sampleId);
        var (cache, number) = Shards.Resolve(shard);

        // TorchSharp's GetTensor is synchronous; this is its bridge to asynchronous downloads, on threads that are the caller's.
        using var lease = cache.LeaseAsync(number).AsTask().GetAwaiter().GetResult();
        try
        {
            var ranges = new FieldRange[lease.Reader.Schema.Columns.Length];
            var sample = lease.Reader.GetSample(index, ranges);
            return Recipe.Read(sample, GetContext(sampleId));
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or ObjectDisposedException))
        {
            throw SampleErrors.AddPlace(exception, Shards.Describe(shard), index, sampleId);
        }
    }

    /// <summary>Makes the tensors of each selected sample, as <see cref="Read(long)"/> does.</summary>
    public IEnumerable<Dictionary<string, Tensor>> Read(SampleSelection samples)
    {
        foreach (var sample in samples)
        {
            using (sample)
            {
                ObjectDisposedException.ThrowIf(_disposed, typeof(StreamingMapDataset));
                yield return ReadLeased(sample);
            }
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Recipe.Dispose();
        _owned?.Dispose();
    }

    private Dictionary<string, Tensor> ReadLeased(Sample sample)
    {
        try
        {
            return Recipe.Read(sample.Fields, GetContext(sample.Id));
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or ObjectDisposedException))
        {
            var (shard, index) = Shards.Spanner.Find(sample.Id);
            throw SampleErrors.AddPlace(exception, Shards.Describe(shard), index, sample.Id);
        }
    }

    private TransformContext GetContext(long sampleId)
    {
        var started = Volatile.Read(ref _started);
        return new TransformContext(started.Seed, Math.Max(0, started.Epoch), sampleId);
    }

    // A class, so that threads see seed and epoch change together.
    private sealed record EpochIdentity(long Seed, long Epoch);
}
