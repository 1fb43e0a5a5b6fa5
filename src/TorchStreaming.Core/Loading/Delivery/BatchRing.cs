// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>The batch buffers of a loader, made once and used again for every batch of every epoch.</summary>
/// <remarks>A fresh batch of 38 MB costs more in page faults than filling it. Not thread-safe: the running epoch guards it.</remarks>
internal sealed class BatchRing : IDisposable
{
    private readonly ImmutableArray<BatchColumn> _columns;
    private readonly int _rows;
    private readonly IBatchAllocator _allocator;
    private readonly BatchSlot[] _slots;

    public BatchRing(ImmutableArray<BatchColumn> columns, int rows, int slots, IBatchAllocator allocator)
    {
        _columns = columns;
        _rows = rows;
        _allocator = allocator;
        _slots = new BatchSlot[slots];
        try
        {
            for (var i = 0; i < slots; i++)
            {
                _slots[i] = Allocate(slots);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ReadOnlySpan<BatchSlot> Slots => _slots;

    /// <summary>Gives a slot away and makes a new one.</summary>
    /// <returns>The new slot.</returns>
    public BatchSlot Replace(BatchSlot slot)
    {
        var place = Array.IndexOf(_slots, slot);
        return _slots[place] = Allocate(_slots.Length);
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot?.Dispose();
        }
    }

    private BatchSlot Allocate(int slots)
    {
        try
        {
            return new BatchSlot(_columns, _rows, _allocator);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or OverflowException or ExternalException)
        {
            throw new InsufficientMemoryException(
                $"There is no memory for {slots} batches of {_rows} samples with the columns "
                    + $"{string.Join(", ", _columns.Select(static column => $"'{column.Name}'"))}. "
                    + $"Choose a smaller {nameof(BatchLoaderOptions.BatchSize)} or {nameof(BatchLoaderOptions.PrefetchFactor)}.",
                exception);
        }
    }
}
