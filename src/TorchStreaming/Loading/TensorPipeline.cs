// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Datasets;
using static TorchSharp.torch;

namespace TorchStreaming.Loading;

/// <summary>The engine's loader with tensors at its end. One enumeration is one epoch; starting another ends the one before.</summary>
/// <remarks>All of it is used by one thread at a time. libtorch is called by that thread alone, except for user functions on single samples.</remarks>
internal sealed class TensorPipeline : IDisposable
{
    private readonly IBatchAssembler _assembler;
    private readonly bool _disposeBatch;
    private TensorBatchEnumerator? _active;
    private bool _disposed;

    /// <summary>Creates the pipeline.</summary>
    /// <param name="source">The data set; not owned.</param>
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
        ObjectDisposedException.ThrowIf(_disposed, typeof(StreamingDataLoader));
        _active?.Supersede();
        return _active = new TensorBatchEnumerator(Engine.GetEnumerator(), _assembler, _disposeBatch);
    }

    /// <summary>Reads the next epoch without blocking a thread while a batch is not ready.</summary>
    public async IAsyncEnumerable<TensorBatch> ReadEpochAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(StreamingDataLoader));
        _active?.Supersede();
        _active = null;
        try
        {
            await foreach (var batch in Engine.ReadEpochAsync(cancellationToken).ConfigureAwait(false))
            {
                var tensors = _assembler.Assemble(batch);
                try
                {
                    yield return _disposeBatch ? tensors : tensors.Detach();
                }
                finally
                {
                    TensorBatchEnumerator.Release(tensors);
                    _assembler.AwaitMemory();
                }
            }
        }
        finally
        {
            _assembler.EndEpoch();
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _active?.Supersede();
            Engine.Dispose();
            _assembler.Dispose();
        }
    }
}
