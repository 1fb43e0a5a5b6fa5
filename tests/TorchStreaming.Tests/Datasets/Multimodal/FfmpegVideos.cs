// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Datasets.Multimodal;

/// <summary>Makes videos with ffmpeg, lossless so that frames can be compared, and decodes them whole with other arguments than ours.</summary>
internal sealed class FfmpegVideos(TemporaryDirectory folder)
{
    /// <summary>What keeps colors as they are drawn, in MP4.</summary>
    public static readonly string[] Lossless = ["-c:v", "libx264rgb", "-qp", "0", "-g", "10", "-bf", "2"];

    /// <summary>Makes a video; the drawn image counts seconds and moves with every frame.</summary>
    /// <param name="name">Its file's name, which says the format.</param>
    /// <param name="source">The image, a source of ffmpeg.</param>
    /// <param name="arguments">What follows the input.</param>
    public string Make(string name, string source, params string[] arguments)
    {
        var path = folder.Combine(name);
        Run(["-f", "lavfi", "-i", source, .. arguments, path]);
        return path;
    }

    /// <summary>Decodes all frames as they are, one after the other: G, B and R, plane after plane.</summary>
    public static byte[][] DecodeAll(string path, int frameBytes)
    {
        var bytes = Run(["-i", path, "-an", "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "gbrp", "pipe:1"]);
        Assert.Equal(0, bytes.Length % frameBytes);
        return [.. bytes.Chunk(frameBytes)];
    }

    /// <summary>Runs ffmpeg.</summary>
    /// <returns>What it wrote.</returns>
    public static byte[] Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return output.ToArray();
    }
}
