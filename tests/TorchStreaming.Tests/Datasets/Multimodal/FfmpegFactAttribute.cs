// SPDX-License-Identifier: MIT

using System.ComponentModel;
using System.Diagnostics;

namespace TorchStreaming.Tests.Datasets.Multimodal;

/// <summary>A test that makes and decodes videos with ffmpeg and is skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FfmpegFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> IsThere = new(Find);

    public FfmpegFactAttribute()
    {
        if (!IsThere.Value)
        {
            Skip = "Needs the program ffmpeg on the search path.";
        }
    }

    private static bool Find()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ffmpeg", "-version") { RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
