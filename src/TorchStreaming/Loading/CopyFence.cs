// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchSharp;
using TorchStreaming.Tensors;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Loading;

/// <summary>Tells when the copies queued on a CUDA device before a point in time are done, without waiting for the work queued after
/// it.</summary>
/// <remarks>TorchSharp has no events. A counter on the device is copied into page-locked memory after each batch: a stream runs in
/// order, so once the host sees the new count, the copies before it have read the host's memory to the end. Used by the consumer's thread
/// alone.</remarks>
internal sealed class CopyFence : IDisposable
{
    private const int SpinsBeforeSynchronize = 2_000;

    private readonly Device _device;
    private readonly Tensor _counter;
    private readonly Tensor _one;
    private readonly Tensor _seen;
    private readonly BatchMemory _host;
    private long _signalled;

    public CopyFence(Device device, TensorBatchAllocator allocator)
    {
        _device = device;
        _host = allocator.Allocate(ElementType.Int64, 1);
        _host.GetSpan(0, sizeof(long)).Clear();
        _seen = ((TensorBatchMemory)_host).View([1]);
        _counter = zeros([1], ScalarType.Int64, device).DetachFromDisposeScope();
        _one = ones([1], ScalarType.Int64, device).DetachFromDisposeScope();
    }

    /// <summary>Marks a point after everything queued so far.</summary>
    public void Signal()
    {
        _counter.add_(_one);
        _seen.copy_(_counter, nonBlocking: true);
        _signalled++;
    }

    /// <summary>Waits until the device has passed the last mark.</summary>
    public void Wait()
    {
        for (var spin = default(SpinWait); Passed() < _signalled; spin.SpinOnce(sleep1Threshold: -1))
        {
            if (spin.Count >= SpinsBeforeSynchronize)
            {
                // The copy should be long done. A device that failed never gets there, and only this call says so.
                cuda.synchronize(_device);
                return;
            }
        }
    }

    public void Dispose()
    {
        _seen.Dispose();
        _counter.Dispose();
        _one.Dispose();
        _host.Dispose();
    }

    private long Passed() => Volatile.Read(ref MemoryMarshal.Cast<byte, long>(_host.GetSpan(0, sizeof(long)))[0]);
}
