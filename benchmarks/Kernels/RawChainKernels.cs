// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>Chains on raw pixels: what they cost without a codec.</summary>
public class RawChainKernels() : ChainKernels(RawImage.EncodeRgb(TestImages.MakeRgb(Width, Height), Width, Height));
