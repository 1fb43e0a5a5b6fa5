// SPDX-License-Identifier: MIT

using System.Runtime;
using static TorchSharp.torch.optim;

namespace TorchStreaming.Examples;

/// <summary>A step of one of TorchSharp's optimizers while no garbage is collected.</summary>
/// <remarks>TorchSharp 0.107's optimizers hand numbers such as the learning rate to libtorch in objects (<c>Scalar</c>) that nothing refers to
/// while the call runs. A collection in that moment frees them under libtorch's feet: the step fails with "Expected false to be true … toFloat", or
/// takes a wrong number.</remarks>
internal static class OptimizerStep
{
    // More than a step allocates beside the threads of the loader.
    private const long Headroom = 16 << 20;

    public static void Take(Optimizer optimizer)
    {
        var isHeld = GCSettings.LatencyMode != GCLatencyMode.NoGCRegion && GC.TryStartNoGCRegion(Headroom);
        try
        {
            optimizer.step();
        }
        finally
        {
            // The runtime leaves the region by itself where more than the headroom was allocated.
            if (isHeld && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            {
                GC.EndNoGCRegion();
            }
        }
    }
}
