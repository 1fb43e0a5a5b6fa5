// SPDX-License-Identifier: MIT

namespace TorchStreaming.Tests.Datasets.Multimodal;

/// <summary>A test that writes a shell script and is skipped where there is no shell.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "The stand-in for ffmpeg is a shell script.";
        }
    }
}
