// SPDX-License-Identifier: MIT

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace TorchStreaming.Datasets;

/// <summary>Lets the program ffmpeg decode frames of a video file into memory. Thread-safe.</summary>
internal sealed class VideoFrameReader(VideoFrames frames)
{
    // Playlists and the like, which name other files, are not videos here.
    private const string Formats = "mov,mp4,matroska,webm,avi,mpeg,mpegts,flv,ogg,gif,asf";

    public VideoFrames Frames => frames;

    /// <summary>Finds out whether the program is there.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says what to do.</exception>
    public void ThrowIfMissing()
    {
        using var process = Start("-version");
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }

    /// <summary>Decodes the frames, R, G, B of each pixel, plane after plane.</summary>
    /// <param name="path">The video file.</param>
    /// <param name="destination">The frames; what the video lacks becomes black.</param>
    /// <returns>How many frames the video had.</returns>
    /// <exception cref="InvalidDataException">The file is no video that the program can decode.</exception>
    public int Read(string path, Span<byte> destination)
    {
        using var process = Start(GetArguments(path));
        using var patience = new Timer(
            static state => Kill((Process)state!), process, frames.Timeout, System.Threading.Timeout.InfiniteTimeSpan);
        var errors = process.StandardError.ReadToEndAsync();
        var read = process.StandardOutput.BaseStream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        process.StandardOutput.Close();
        process.WaitForExit();
        var count = (int)(read / frames.FrameBytes);
        destination[(int)(count * frames.FrameBytes)..].Clear();
        if (count == 0)
        {
            throw new InvalidDataException(
                $"{frames.Program} found no frame (exit code {process.ExitCode}): {errors.GetAwaiter().GetResult().Trim()}");
        }

        return count;
    }

    /// <summary>Gets the arguments for a file.</summary>
    internal string[] GetArguments(string path)
    {
        var filter = string.Create(
            CultureInfo.InvariantCulture,
            $"select=gte(n\\,{frames.Start})*not(mod(n-{frames.Start}\\,{frames.Stride})),setpts=N/FRAME_RATE/TB,"
            + $"scale={frames.Width}:{frames.Height}:flags=bilinear,format=gbrp");
        return
        [
            "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-format_whitelist", Formats, "-i", $"file:{path}", "-an", "-vf",
            filter, "-frames:v", frames.Count.ToString(CultureInfo.InvariantCulture), "-f", "rawvideo", "-pix_fmt", "gbrp", "pipe:1",
        ];
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(frames.Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"'{frames.Program}' did not start.");
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException(
                $"Frames of videos are decoded by the program '{frames.Program}', which was not found. Install ffmpeg "
                + "(Debian and Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), set "
                + $"{nameof(VideoFrames)}.{nameof(VideoFrames.Program)} to its path, or leave out the argument frames and decode the tensor "
                + "'content' by other means.",
                error);
        }
    }
}
