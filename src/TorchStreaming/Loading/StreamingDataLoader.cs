// SPDX-License-Identifier: MIT

using System.Collections;
using TorchSharp;
using TorchSharp.Modules;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Delivers a streaming dataset as batches of tensors: fetches shards and prepares batches ahead on threads of its own,
/// straight into the memory of tensors that are made once. One enumeration is one epoch.</summary>
/// <remarks>
/// <para>It is a TorchSharp <c>DataLoader</c>. Code that holds it as its base class reads the same samples in the same order through
/// TorchSharp's own enumerator, without any of the above; <c>foreach</c> over this type, and LINQ over any view of it, use the fast
/// one.</para>
/// <para>A batch lives until the loop's next step; see <see cref="TensorBatch"/>. <c>ToList()</c> therefore gives
/// disposed batches, as with TorchSharp's loader: detach what is to be kept. Starting an enumeration ends the one before.</para>
/// <para>Used by one thread at a time, except <see cref="Statistics"/>. Worker threads do not call libtorch, unless the dataset runs
/// functions of the caller on single samples. Mirrors <c>streaming.StreamingDataLoader</c>.</para>
/// </remarks>
public sealed class StreamingDataLoader
    : DataLoader<Dictionary<string, Tensor>, Dictionary<string, Tensor>>, IEnumerable<Dictionary<string, Tensor>>,
        IBatchDelivery<TensorBatch>
{
    private readonly StreamingTensorDataset _dataset;
    private readonly EpochSampler _sampler;
    private readonly BatchLoader _engine;
    private readonly IBatchAssembler _assembler;
    private readonly bool _disposeBatch;
    private bool _sampled;

    /// <summary>Creates a loader. Threads and memory are made when the first epoch starts.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="batchSize">The samples in a batch; <see langword="null"/> for the dataset's batch size. If both are given they must
    /// be equal.</param>
    /// <param name="numWorkers">The number of logical workers, which decides the order of samples exactly as upstream's worker processes
    /// do, and the number of threads that prepare batches. With 0 the loop's own thread does the work when it asks for a batch.</param>
    /// <param name="prefetchFactor">How many batches are prepared ahead of the one that the loop holds, for the loader as a whole.</param>
    /// <param name="pinMemory">Whether batches are prepared in page-locked memory, which needs CUDA; <see langword="null"/> for yes when
    /// <paramref name="device"/> is a CUDA device. Datasets of sample functions prepare their batches themselves and do not
    /// use it.</param>
    /// <param name="dropLast">Whether batches with fewer samples than the batch size are left out.</param>
    /// <param name="device">Where the tensors go; <see langword="null"/> for the CPU. To a CUDA device they are copied while it
    /// computes.</param>
    /// <param name="disposeBatch">Whether a batch is disposed at the loop's next step. Otherwise every batch belongs to the caller, and
    /// the loader makes new memory for each.</param>
    /// <param name="disposeDataset">Whether the dataset is disposed with the loader. Leave it out when two loaders share one.</param>
    /// <param name="threads">The number of threads, where it is to differ from <paramref name="numWorkers"/>. It never changes what is
    /// delivered.</param>
    /// <param name="errorPolicy">What happens with samples that cannot be read, decoded or transformed.</param>
    /// <param name="maxSkippedFraction">The part of the epoch's samples that may be left out under
    /// <see cref="SampleErrorPolicy.Skip"/>.</param>
    /// <exception cref="ArgumentException">There is no batch size, two that differ, or another argument is out of its range.</exception>
    /// <exception cref="NotSupportedException">Page-locked memory is asked for and there is no CUDA device.</exception>
    public StreamingDataLoader(
        StreamingTensorDataset dataset,
        int? batchSize = null,
        int numWorkers = 0,
        int prefetchFactor = 2,
        bool? pinMemory = null,
        bool dropLast = false,
        Device? device = null,
        bool disposeBatch = true,
        bool disposeDataset = true,
        int? threads = null,
        SampleErrorPolicy errorPolicy = SampleErrorPolicy.Throw,
        double maxSkippedFraction = 0.01)
        : this(
            dataset ?? throw new ArgumentNullException(nameof(dataset)),
            new BatchLoaderOptions
            {
                BatchSize = batchSize,
                NumWorkers = numWorkers,
                Threads = threads,
                PrefetchFactor = prefetchFactor,
                DropLast = dropLast,
                ErrorPolicy = errorPolicy,
                MaxSkippedFraction = maxSkippedFraction,
            },
            dataset.CreateSampler(batchSize, numWorkers),
            pinMemory ?? device?.type == DeviceType.CUDA,
            device ?? CPU,
            disposeBatch,
            disposeDataset)
    {
    }

    private StreamingDataLoader(
        StreamingTensorDataset dataset,
        BatchLoaderOptions options,
        EpochSampler sampler,
        bool pinned,
        Device device,
        bool disposeBatch,
        bool disposeDataset)
        : base(
            dataset,
            sampler.BatchSize,
            dataset.Recipe.Collate,
            sampler,
            device,
            Math.Max(1, options.Threads ?? options.NumWorkers),
            options.DropLast,
            disposeBatch,
            disposeDataset)
    {
        _dataset = dataset;
        _sampler = sampler;
        _disposeBatch = disposeBatch;
        var program = dataset.Recipe.Open(device, pinned);
        _assembler = program.Assembler;
        try
        {
            _engine = new BatchLoader(dataset.Engine, program.Transform, options with { Allocator = program.Allocator });
        }
        catch
        {
            _assembler.Dispose();
            throw;
        }

        _engine.EpochStarted += dataset.OnEpochStarted;
        _engine.EpochStarted += _ => _sampled = false;
        _sampler.EpochStarted += _ => _sampled = true;
    }

    /// <summary>Gets the number of batches that an epoch has, as upstream estimates it: exact for one worker and whole epochs.</summary>
    /// <remarks>Mirrors <c>len(streaming.StreamingDataLoader)</c>.</remarks>
    public new long Count => _engine.EpochLength;

    /// <summary>Gets what the loader has done so far. Thread-safe.</summary>
    public LoaderStatistics Statistics => _engine.Statistics;

    /// <summary>Gets the epoch that was started last, from 0; -1 before the first.</summary>
    public long Epoch => _dataset.Epoch;

    /// <summary>Starts the next epoch, or continues in the one of a loaded state.</summary>
    /// <returns>The epoch's batches. Disposing it, as <c>foreach</c> does, stops all work at once.</returns>
    /// <exception cref="ResumeException">The loaded state does not fit the dataset, its options or the world.</exception>
    public new IEnumerator<TensorBatch> GetEnumerator() => _engine.StartEpoch(this, CancellationToken.None);

    IEnumerator<Dictionary<string, Tensor>> IEnumerable<Dictionary<string, Tensor>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gives the next epoch without blocking a thread while a batch is not ready.</summary>
    /// <param name="cancellationToken">Ends waiting for a batch with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The epoch. Dispose scopes of TorchSharp belong to a thread: do not hold one open across steps.</returns>
    public IAsyncEnumerable<TensorBatch> ReadEpochAsync(CancellationToken cancellationToken = default) =>
        _engine.ReadEpochAsync(this, cancellationToken);

    /// <summary>Gets where the run is: the samples of batches handed out count as seen, those prepared ahead do not.</summary>
    /// <returns>The state, with upstream's keys when written as JSON.</returns>
    /// <remarks>Every rank's state is the same if all ranks have had equally many samples. Mirrors
    /// <c>streaming.StreamingDataLoader.state_dict</c>.</remarks>
    public LoaderState StateDict() => _sampled ? _sampler.StateDict() : _engine.StateDict();

    /// <summary>Makes the next epoch continue from a state, whatever the loader did before. A running epoch is not changed.</summary>
    /// <param name="state">The state, also of another world or of an upstream run.</param>
    /// <exception cref="ResumeException">The state does not fit the dataset.</exception>
    /// <remarks>Mirrors <c>streaming.StreamingDataLoader.load_state_dict</c>.</remarks>
    public void LoadStateDict(LoaderState state) => _engine.LoadStateDict(state);

    /// <summary>Makes the next epoch continue from a state.</summary>
    /// <param name="json">The state as JSON, ours or upstream's.</param>
    /// <exception cref="ResumeException">The text is not a state, or it does not fit the dataset.</exception>
    /// <remarks>Mirrors <c>streaming.StreamingDataLoader.load_state_dict</c>.</remarks>
    public void LoadStateDict(string json) => _engine.LoadStateDict(json);

    TensorBatch IBatchDelivery<TensorBatch>.Deliver(Batch batch)
    {
        var tensors = _assembler.Assemble(batch);
        return _disposeBatch ? tensors : tensors.Detach();
    }

    void IBatchDelivery<TensorBatch>.Release(TensorBatch batch)
    {
        if (!batch.IsDetached)
        {
            batch.Dispose();
        }

        _assembler.AwaitMemory();
    }

    void IBatchDelivery<TensorBatch>.EndEpoch() => _assembler.EndEpoch();

    /// <inheritdoc/>
    public override string ToString() => $"{_engine}";

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _engine.Dispose();
            _assembler.Dispose();
        }

        base.Dispose(disposing);
    }
}
