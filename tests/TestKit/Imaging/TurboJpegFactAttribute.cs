// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using Xunit;

namespace TorchStreaming.TestKit;

/// <summary>A test that needs libturbojpeg and is skipped on machines without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TurboJpegFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public TurboJpegFactAttribute()
    {
        if (!TurboJpegDecoderFactory.Instance.IsAvailable)
        {
            Skip = "libturbojpeg is not installed (Debian and Ubuntu: package libturbojpeg0).";
        }
    }
}
