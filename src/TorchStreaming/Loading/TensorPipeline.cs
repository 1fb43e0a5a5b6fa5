// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Datasets;
using static TorchSharp.torch;

namespace TorchStreaming.Loading;

/// <summary>The engine's loader with tensors at its end. One enumeration is one epoch; starting another ends the one before.</summary>
/// <remarks>All of it is used by one thread at a time. libtorch is called by that thread alone, except for user functions on single
/// samples.</remarks>
internal sealed class TensorPipeline : IDisposable
{
    private readonly IBatchAssembler _assembler;
    private readonly bool _disposeBatch;
    private TensorBatchEnumerator? _active;
    private TensorBatch? _handedOut;
    private long _epochs;
    private bool _disposed;

    /// <summary>Creates the pipeline.</summary>
    /// <param name="source">The dataset; not owned.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <param name="pinned">Whether batches are prepared in page-locked memory.</param>
    /// <param name="options">How the engine works; the allocator is chosen here.</param>
    /// <param name="disposeBatch">Whether a batch dies at the next step.</param>
    public TensorPipeline(TensorSource source, Device device, bool pinned, BatchLoaderOptions options, bool disposeBatch)
    {
        var program = source.Recipe.Open(device, pinned);
        _assembler = program.Assembler;
        _disposeBatch = disposeBatch;
        try
        {
            Engine = new BatchLoader(source, program.Transform, options with { Allocator = program.Allocator });
        }
        catch
        {
            _assembler.Dispose();
            throw;
        }
    }

    /// <summary>Gets the engine's loader.</summary>
    public BatchLoader Engine { get; }

    /// <summary>Starts the next epoch.</summary>
    public TensorBatchEnumerator StartEpoch()
    {
        EndPrevious();
        return _active = new TensorBatchEnumerator(Engine.GetEnumerator(), _assembler, _disposeBatch);
    }

    /// <summary>Reads the next epoch without blocking a thread while a batch is not ready.</summary>
    public async IAsyncEnumerable<TensorBatch> ReadEpochAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var epoch = EndPrevious();
        try
        {
            await foreach (var batch in Engine.ReadEpochAsync(cancellationToken).ConfigureAwait(false))
            {
                var tensors = _assembler.Assemble(batch);
                _handedOut = _disposeBatch ? tensors : tensors.Detach();
                yield return _handedOut;
                ReleaseHandedOut();
            }
        }
        finally
        {
            // Another epoch may have taken this one's place meanwhile; what waits is then its own.
            if (epoch == _epochs)
            {
                ReleaseHandedOut();
                _assembler.EndEpoch();
            }
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            EndPrevious();
            _disposed = true;
            Engine.Dispose();
            _assembler.Dispose();
        }
    }

    // The batch of an epoch that ends is in memory that the next one fills.
    private long EndPrevious()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(StreamingDataLoader));
        _active?.Supersede();
        _active = null;
        ReleaseHandedOut();
        return ++_epochs;
    }

    private void ReleaseHandedOut()
    {
        if (_handedOut is { } batch)
        {
            _handedOut = null;
            TensorBatchEnumerator.Release(batch);
            _assembler.AwaitMemory();
        }
    }
}
