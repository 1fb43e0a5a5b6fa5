// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Tensors;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Loading;

public sealed class CopyFenceTests
{
    [Fact]
    public void Wait_AfterSignals_ReturnsAndLeavesNoTensor()
    {
        var before = LiveTensors.Count();
        var device = cuda.is_available() ? CUDA : CPU;
        using (var fence = new CopyFence(device, cuda.is_available() ? TensorBatchAllocator.Pinned : TensorBatchAllocator.Pageable))
        {
            fence.Wait();
            for (var i = 0; i < 100; i++)
            {
                fence.Signal();
                if (i % 3 == 0)
                {
                    fence.Wait();
                }
            }

            fence.Wait();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}
