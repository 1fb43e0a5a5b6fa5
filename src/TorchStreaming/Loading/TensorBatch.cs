// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Tensors;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>One batch: a tensor for each column, the batch dimension first.</summary>
/// <remarks>
/// <para>On the CPU the tensors are in the loader's own memory, which is filled again while later batches are prepared. The batch
/// therefore dies at the loop's next step, as TorchSharp's batches do by default: its tensors are disposed, and using one throws
/// TorchSharp's usual error. Views that the loop has made of them (<c>batch["x"][0]</c>, <c>reshape</c>) share that memory and must not
/// be read after the step; a <c>backward()</c> that would need the old values fails. <see cref="Detach"/> keeps a batch, <c>clone()</c>
/// keeps a tensor.</para>
/// <para><see cref="SampleCount"/> is the number of samples. <c>Count</c>, which every dictionary has, is the number of columns.</para>
/// <para>The tensors belong to no dispose scope. Not thread-safe.</para>
/// </remarks>
public sealed class TensorBatch : Dictionary<string, Tensor>, IDisposable
{
    private readonly long[] _sampleIds;
    private readonly List<Tensor> _owned = [];
    private readonly Dictionary<string, IReadOnlyList<Tensor>> _lists = [];
    private readonly List<TensorBatchMemory> _borrowed = [];
    private Batch? _source;

    internal TensorBatch(Batch source)
        : base(StringComparer.Ordinal)
    {
        _source = source;
        _sampleIds = source.SampleIds.ToArray();
        Epoch = source.Epoch;
    }

    /// <summary>Gets the sample of each row, as its number in the whole dataset.</summary>
    public ImmutableArray<long> SampleIds => ImmutableCollectionsMarshal.AsImmutableArray(_sampleIds);

    /// <summary>Gets the number of samples.</summary>
    /// <remarks>The dictionary's own <c>Count</c> is the number of its columns.</remarks>
    public int SampleCount => _sampleIds.Length;

    /// <summary>Gets the epoch, from 0.</summary>
    public long Epoch { get; }

    /// <summary>Gets the columns whose values are not stacked because their shapes differ freely: a tensor for each row.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Tensor>> Lists => _lists;

    /// <summary>Gets whether the batch is over: its tensors are disposed.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Gets whether the batch was taken out of the loader's hands.</summary>
    public bool IsDetached { get; private set; }

    /// <summary>Keeps the batch: the loader makes new memory for its ring, and the tensors now belong to the caller.</summary>
    /// <returns>This batch. Disposing it, or each of its tensors, frees the memory.</returns>
    /// <exception cref="ObjectDisposedException">The batch is over.</exception>
    public TensorBatch Detach()
    {
        ObjectDisposedException.ThrowIf(IsReleased, this);
        if (!IsDetached)
        {
            IsDetached = true;

            // The tensors hold the storage by themselves: what is given up here is only the ring's claim on it.
            _borrowed.Clear();
            _source?.Detach().Dispose();
            _source = null;
        }

        return this;
    }

    /// <summary>Disposes the tensors of the batch. The loader does so at the loop's next step, unless the batch was detached.</summary>
    public void Dispose()
    {
        if (IsReleased)
        {
            return;
        }

        IsReleased = true;
        _source = null;
        foreach (var tensor in _owned)
        {
            tensor.Dispose();
        }

        foreach (var memory in _borrowed)
        {
            memory.MarkOverwritten();
        }

        _owned.Clear();
        _borrowed.Clear();
    }

    /// <summary>Says what is in the batch, for example <c>Batch of 16 samples, epoch 0: x Float32 16×3×224×224, y Int64 16</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString()
    {
        var title = $"Batch of {Counted.Of(SampleCount, "sample")}, epoch {Epoch}";
        if (IsReleased)
        {
            return $"{title}, which is over";
        }

        var tensors = this.Where(static column => !column.Value.IsInvalid).Select(static column => Describe(column.Key, column.Value));
        var lists = _lists.Select(static list => $"{list.Key}, a list of {Counted.Of(list.Value.Count, "tensor")}");
        return $"{title}: {string.Join(", ", tensors.Concat(lists))}";
    }

    internal void AddList(string name, IReadOnlyList<Tensor> tensors) => _lists.Add(name, tensors);

    /// <summary>Makes a tensor die with the batch.</summary>
    internal void Own(Tensor tensor, TensorBatchMemory? borrowedFrom)
    {
        _owned.Add(tensor);
        if (borrowedFrom is not null)
        {
            _borrowed.Add(borrowedFrom);
        }
    }

    /// <summary>Tells that nothing of the batch is in the loader's memory any more.</summary>
    internal void LeaveRing() => _source = null;

    private static string Describe(string name, Tensor tensor) =>
        $"{name} {tensor.dtype} {ShapeText.Of(tensor.shape)}{(tensor.device_type == TorchSharp.DeviceType.CPU ? "" : $" on {tensor.device}")}";
}
