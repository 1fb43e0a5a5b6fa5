// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Tests.Imaging;

/// <summary>A test that needs SkiaSharp's native library and is skipped where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SkiaFactAttribute : FactAttribute
{
    public SkiaFactAttribute()
    {
        if (!SkiaImageDecoderFactory.Instance.IsAvailable)
        {
            Skip = "libSkiaSharp was not found: the feed's SkiaSharp packages bring no native library for this system.";
        }
    }
}
