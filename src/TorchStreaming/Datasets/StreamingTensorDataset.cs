// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Tensors;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>What <see cref="StreamingDataLoader"/> reads: a map-style dataset of TorchSharp, whose samples are a tensor for each
/// name.</summary>
/// <remarks>
/// <para><see cref="StreamingDataLoader"/> reads it fastest. A stock <c>torch.utils.data.DataLoader</c> reads it too, sample by sample;
/// give it <see cref="CreateSampler"/> to get the dataset's own order.</para>
/// <para>Samples may be read by several threads at a time; epochs are started one at a time.</para>
/// </remarks>
public abstract class StreamingTensorDataset : utils.data.Dataset
{
    private readonly IDisposable? _owned;
    private StartedEpoch _started;
    private bool _disposed;

    /// <summary>Creates the dataset and checks that the samples have what the recipe needs.</summary>
    /// <param name="engine">The engine's dataset.</param>
    /// <param name="seed">The seed of samples that are read before any epoch was started.</param>
    /// <param name="recipe">How samples become tensors; disposed with this dataset, also when this fails.</param>
    /// <param name="owned">What else is disposed with this dataset, also when this fails.</param>
    /// <exception cref="NotSupportedException">libtorch cannot be loaded.</exception>
    private protected StreamingTensorDataset(ILoaderSource engine, ulong seed, BatchRecipe recipe, IDisposable? owned)
    {
        Engine = engine;
        Recipe = recipe;
        _started = new StartedEpoch(unchecked((long)seed), -1);
        _owned = owned;
        try
        {
            LibTorch.Require();
            foreach (var schema in engine.Shards.Streams.SelectMany(static stream => stream.Schemas).Distinct())
            {
                recipe.Validate(schema);
            }
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Gets how many samples of an epoch this rank has: upstream's <c>len(dataset)</c>. Ids go up to <see cref="Size"/>.</summary>
    public override long Count => Engine.EpochLength;

    /// <summary>Gets how many samples there are in all streams together.</summary>
    /// <remarks>Mirrors <c>streaming.StreamingDataset.size</c>.</remarks>
    public long Size => Engine.Shards.Spanner.SampleCount;

    /// <summary>Gets the epoch that was started last, from 0; -1 before the first.</summary>
    public long Epoch => Volatile.Read(ref _started).Epoch;

    /// <summary>Gets the engine's dataset, which loaders and samplers read.</summary>
    internal ILoaderSource Engine { get; }

    /// <summary>Gets how samples become tensors.</summary>
    internal BatchRecipe Recipe { get; }

    /// <summary>Reads one sample, downloading its shard if need be. Random transforms do what they do to this sample in the epoch started
    /// last, in the first epoch if none was.</summary>
    /// <param name="index">The sample's number in the whole dataset, from 0 to <see cref="Size"/> - 1.</param>
    /// <returns>A tensor for each name, without a batch dimension. They belong to the current dispose scope, otherwise to the
    /// caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="SampleDecodeException">The sample cannot be read, decoded or transformed.</exception>
    public override Dictionary<string, Tensor> GetTensor(long index)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var shards = Engine.Shards;
        var (shard, place) = shards.Spanner.Find(index);
        var (cache, number) = shards.Resolve(shard);

        // TorchSharp's GetTensor is synchronous; this is its bridge to asynchronous downloads, on threads that are the caller's.
        using var lease = cache.LeaseAsync(number).AsTask().GetAwaiter().GetResult();
        try
        {
            var ranges = new FieldRange[lease.Reader.Schema.Columns.Length];
            return Recipe.Read(lease.Reader.GetSample(place, ranges), GetContext(index));
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or ObjectDisposedException))
        {
            throw SampleErrors.AddPlace(exception, shards.Describe(shard), place, index);
        }
    }

    /// <summary>Makes the dataset's order, to be given to a stock loader as its shuffler.</summary>
    /// <param name="batchSize">The samples in a batch, which the order depends on; <see langword="null"/> for the dataset's batch
    /// size.</param>
    /// <param name="numWorkers">The number of logical workers, which the order depends on; see <see cref="StreamingDataLoader"/>.</param>
    /// <returns>The sampler; each enumeration of it is an epoch.</returns>
    /// <exception cref="ArgumentException">There is no batch size, or two that differ.</exception>
    public EpochSampler CreateSampler(int? batchSize = null, int numWorkers = 0)
    {
        var sampler = EpochSampler.Create(Engine, batchSize, numWorkers);
        sampler.EpochStarted += OnEpochStarted;
        return sampler;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}: {Counted.Of(Size, "sample")}, {Count} of an epoch on this rank";

    /// <summary>Takes notice of an epoch: samples that are read by number get its random numbers from now on.</summary>
    internal void OnEpochStarted(EpochStart start)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Volatile.Write(ref _started, new StartedEpoch(start.Seed, start.Epoch));
        Recipe.BeginEpoch(start, Engine.Shards);
    }

    /// <summary>Makes the tensors of a sample that the caller leases, as <see cref="GetTensor"/> does.</summary>
    internal Dictionary<string, Tensor> Read(Sample sample)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return Recipe.Read(sample.Fields, GetContext(sample.Id));
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or ObjectDisposedException))
        {
            var (shard, place) = Engine.Shards.Spanner.Find(sample.Id);
            throw SampleErrors.AddPlace(exception, Engine.Shards.Describe(shard), place, sample.Id);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Release();
        }

        base.Dispose(disposing);
    }

    private void Release()
    {
        if (!_disposed)
        {
            _disposed = true;
            Recipe.Dispose();
            _owned?.Dispose();
        }
    }

    private TransformContext GetContext(long sampleId)
    {
        var started = Volatile.Read(ref _started);
        return new TransformContext(started.Seed, Math.Max(0, started.Epoch), sampleId);
    }

    // A class, so that threads see seed and epoch change together.
    private sealed record StartedEpoch(long Seed, long Epoch);
}
