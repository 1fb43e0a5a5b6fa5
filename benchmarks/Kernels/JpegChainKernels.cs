// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>Chains on a JPEG file, of which libturbojpeg decodes what they need.</summary>
public class JpegChainKernels() : ChainKernels(TestImages.MakeJpeg(Width, Height));
