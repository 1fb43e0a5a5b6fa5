// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>One finished batch. Its memory belongs to the loader's ring and is used again: the batch dies at the next <c>MoveNext</c>,
/// unless <see cref="Detach"/> takes it out of the ring.</summary>
/// <remarks>Not thread-safe. Spans are loans that end with the batch; every member but <see cref="IsReleased"/> throws
/// <see cref="ObjectDisposedException"/> after that.</remarks>
public sealed class Batch : IDisposable
{
    private EpochRun? _run;
    private BatchSlot? _slot;

    internal Batch(EpochRun run, BatchSlot slot, int count, long epoch)
    {
        _run = run;
        _slot = slot;
        Count = count;
        Epoch = epoch;
    }

    /// <summary>Gets the number of samples.</summary>
    public int Count { get; }

    /// <summary>Gets the epoch, from 0.</summary>
    public long Epoch { get; }

    /// <summary>Gets whether the batch's memory was given back.</summary>
    public bool IsReleased => _slot is null;

    /// <summary>Gets the columns, in the transform's order.</summary>
    public ImmutableArray<BatchColumn> Columns => Slot.Columns;

    /// <summary>Gets the sample of each row, as its number in the whole dataset.</summary>
    public ReadOnlySpan<long> SampleIds => Slot.SampleIds.AsSpan(0, Count);

    private BatchSlot Slot
    {
        get
        {
            ObjectDisposedException.ThrowIf(_slot is null, this);
            return _slot;
        }
    }

    /// <summary>Finds a column.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its place in <see cref="Columns"/>.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public int IndexOf(string name)
    {
        var columns = Slot.Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Name == name)
            {
                return i;
            }
        }

        throw new ArgumentException(
            $"The batch has no column '{name}'; it has {string.Join(", ", columns.Select(static column => $"'{column.Name}'"))}.",
            nameof(name));
    }

    /// <summary>Gets the shape of a dense or padded column, the batch dimension first.</summary>
    /// <param name="name">The column.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">It is a list column, whose rows have shapes of their own.</exception>
    public long[] GetShape(string name)
    {
        var store = Slot[IndexOf(name)];
        return store.GetBatchShape(Count) ?? throw NotABlock(store.Column);
    }

    /// <summary>Gets all rows of a dense or padded column, one after the other.</summary>
    /// <param name="name">The column.</param>
    /// <returns>The bytes, which may be changed.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">It is a list column, or its bytes do not fit a span.</exception>
    public Span<byte> GetBytes(string name)
    {
        var store = Slot[IndexOf(name)];
        var block = store.Block ?? throw NotABlock(store.Column);
        var bytes = (long)store.Column.Type.SizeInBytes();
        foreach (var size in store.GetBatchShape(Count)!)
        {
            bytes = checked(bytes * size);
        }

        return bytes <= int.MaxValue
            ? block.GetSpan(0, (int)bytes)
            : throw new InvalidOperationException($"Column '{name}' has {bytes} bytes in this batch; read it row by row.");
    }

    /// <summary>Gets all values of a dense or padded column, one row after the other.</summary>
    /// <typeparam name="T">The .NET type of the column's elements; any type of the same size is taken, and the bits are not
    /// converted.</typeparam>
    /// <param name="name">The column.</param>
    /// <returns>The values, which may be changed.</returns>
    /// <exception cref="ArgumentException">There is no such column, or <typeparamref name="T"/> has another size than its
    /// elements.</exception>
    /// <exception cref="InvalidOperationException">It is a list column, or its bytes do not fit a span.</exception>
    public Span<T> GetValues<T>(string name)
        where T : unmanaged
    {
        RequireSize<T>(Slot[IndexOf(name)].Column);
        return MemoryMarshal.Cast<byte, T>(GetBytes(name));
    }

    /// <summary>Gets one row of any column, without padding.</summary>
    /// <param name="name">The column.</param>
    /// <param name="row">The row.</param>
    /// <returns>The bytes, which may be changed.</returns>
    /// <exception cref="ArgumentException">There is no such column or row.</exception>
    public Span<byte> GetRow(string name, int row)
    {
        RequireRow(row);
        return Slot[IndexOf(name)].ReadRow(row);
    }

    /// <summary>Gets the shape of one row of any column, without padding.</summary>
    /// <param name="name">The column.</param>
    /// <param name="row">The row.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="ArgumentException">There is no such column or row.</exception>
    public long[] GetRowShape(string name, int row)
    {
        RequireRow(row);
        return Slot[IndexOf(name)].GetRowShape(row);
    }

    /// <summary>Gets the lengths of the rows of a padded column.</summary>
    /// <param name="name">The column.</param>
    /// <returns>One length a row.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">It is not a padded column.</exception>
    public ReadOnlySpan<long> GetLengths(string name)
    {
        var store = Slot[IndexOf(name)];
        var lengths = store.Lengths
            ?? throw new InvalidOperationException($"Column '{name}' is {store.Column.Layout}: only padded columns have lengths.");
        return MemoryMarshal.Cast<byte, long>(lengths.GetSpan(0, Count * sizeof(long)));
    }

    /// <summary>Gets the block of a dense or padded column, as the loader's <see cref="IBatchAllocator"/> made it. The batch is at its
    /// start.</summary>
    /// <param name="column">The column's place in <see cref="Columns"/>.</param>
    /// <returns>The block, or <see langword="null"/> for a list column.</returns>
    internal BatchMemory? GetMemory(int column) => Slot[column].Block;

    /// <summary>Gets the block of the lengths of a padded column, as the loader's <see cref="IBatchAllocator"/> made it.</summary>
    /// <param name="column">The column's place in <see cref="Columns"/>.</param>
    /// <returns>The block of 64-bit integers, or <see langword="null"/> for another layout.</returns>
    internal BatchMemory? GetLengthsMemory(int column) => Slot[column].Lengths;

    /// <summary>Gets the block of one row of a list column, as the loader's <see cref="IBatchAllocator"/> made it. The value is at its
    /// start.</summary>
    /// <param name="column">The column's place in <see cref="Columns"/>.</param>
    /// <param name="row">The row.</param>
    /// <returns>The block, or <see langword="null"/> for another layout.</returns>
    internal BatchMemory? GetRowMemory(int column, int row)
    {
        RequireRow(row);
        return Slot[column] is ListColumnStore list ? list.GetRowMemory(row) : null;
    }

    /// <summary>Takes the batch out of the loader's ring, which gets a new buffer for it. From now on the batch belongs to the caller and
    /// lives until its <see cref="Dispose"/>, also after the loader is gone.</summary>
    /// <returns>This batch.</returns>
    /// <exception cref="ObjectDisposedException">The batch is over: the loader uses its memory again.</exception>
    public Batch Detach()
    {
        var slot = Slot;
        Interlocked.Exchange(ref _run, null)?.Replace(slot);
        return this;
    }

    /// <summary>Frees a detached batch. A batch of the ring is only made unusable; its memory stays with the ring.</summary>
    public void Dispose()
    {
        var slot = Interlocked.Exchange(ref _slot, null);
        if (Interlocked.Exchange(ref _run, null) is null)
        {
            slot?.Dispose();
        }
    }

    /// <summary>Says what is in the batch, for example <c>Batch of 16 samples, epoch 0: x Float32 16×3×224×224, y Int64 16</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString()
    {
        var title = $"Batch of {Counted.Of(Count, "sample")}, epoch {Epoch}";
        return _slot is { } slot
            ? $"{title}: {string.Join(", ", slot.Columns.Select((column, i) => Describe(column, slot[i].GetBatchShape(Count))))}"
            : $"{title}, which is over";
    }

    /// <summary>Ends the loan when the ring takes its memory back; a detached batch is not touched.</summary>
    internal void Release()
    {
        if (_run is not null)
        {
            _run = null;
            _slot = null;
        }
    }

    private static string Describe(BatchColumn column, long[]? shape) =>
        shape is null ? column.ToString() : $"{column.Name} {column.Type} {ShapeText.Of(shape)}";

    private static InvalidOperationException NotABlock(BatchColumn column) =>
        new($"Column '{column.Name}' is a list: its rows are not stacked. Read them by GetRow and GetRowShape.");

    private static void RequireSize<T>(BatchColumn column)
        where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        if (size != column.Type.SizeInBytes())
        {
            throw new ArgumentException(
                $"Column '{column.Name}' has elements of type {column.Type}, and {typeof(T).Name} has {size} bytes.");
        }
    }

    private void RequireRow(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
    }
}
