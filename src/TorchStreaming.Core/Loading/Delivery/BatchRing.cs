// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
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
        for (var i = 0; i < slots; i++)
        {
            _slots[i] = new BatchSlot(columns, rows, allocator);
        }
    }

    public ReadOnlySpan<BatchSlot> Slots => _slots;

    /// <summary>Gives a slot away and makes a new one.</summary>
    /// <returns>The new slot.</returns>
    public BatchSlot Replace(BatchSlot slot)
    {
        var place = Array.IndexOf(_slots, slot);
        return _slots[place] = new BatchSlot(_columns, _rows, _allocator);
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }
    }
}
