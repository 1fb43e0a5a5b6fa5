// SPDX-License-Identifier: MIT

using System.Collections;

namespace TorchStreaming.Loading;

/// <summary>One epoch of batches of tensors.</summary>
internal sealed class TensorBatchEnumerator : IEnumerator<TensorBatch>
{
    private readonly IEnumerator<Batch> _batches;
    private readonly IBatchAssembler _assembler;
    private readonly bool _disposeBatch;
    private TensorBatch? _current;
    private bool _ended;
    private bool _superseded;

    public TensorBatchEnumerator(IEnumerator<Batch> batches, IBatchAssembler assembler, bool disposeBatch)
    {
        _batches = batches;
        _assembler = assembler;
        _disposeBatch = disposeBatch;
    }

    public TensorBatch Current =>
        _current ?? throw new InvalidOperationException("There is no current batch: call MoveNext, and use it while that is true.");

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        if (_superseded)
        {
            throw new InvalidOperationException(
                "The epoch was ended: its loader was disposed, or another epoch of the same loader was started. "
                + "Use one loader for each loop.");
        }

        Release();
        if (_ended)
        {
            return false;
        }

        if (!_batches.MoveNext())
        {
            Dispose();
            return false;
        }

        var batch = _assembler.Assemble(_batches.Current);
        _current = _disposeBatch ? batch : batch.Detach();
        return true;
    }

    /// <summary>Not supported: an epoch is read once. Start the next one by another enumeration.</summary>
    public void Reset() => throw new NotSupportedException("An epoch is read once. Enumerate the loader again for the next one.");

    public void Dispose()
    {
        Release();
        if (!_ended)
        {
            _ended = true;
            _batches.Dispose();
            _assembler.EndEpoch();
        }
    }

    /// <summary>Ends the epoch because something else takes its place.</summary>
    public void Supersede()
    {
        if (!_ended)
        {
            _superseded = true;
            Dispose();
        }
    }

    /// <summary>Ends a batch unless it was detached.</summary>
    public static void Release(TensorBatch batch)
    {
        if (!batch.IsDetached)
        {
            batch.Dispose();
        }
    }

    private void Release()
    {
        if (_current is { } batch)
        {
            _current = null;
            Release(batch);
            _assembler.AwaitMemory();
        }
    }
}
