// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Datasets;

/// <summary>Lets the program ffmpeg decode frames of a video file into memory. Thread-safe.</summary>
internal sealed class VideoFrameReader(VideoFrames frames)
{
    // Playlists and the like, which name other files, are not videos here.
    private const string Formats = "mov,mp4,matroska,webm,avi,mpeg,mpegts,flv,ogg,gif,asf";

    // Exit codes from here on say that the system ended the program, which says nothing about the video.
    private const int FirstSignal = 128;

    public VideoFrames Frames => frames;

    /// <summary>Finds out whether the program is there.</summary>
    /// <exception cref="InvalidOperationException">It is not, or does not work; the message says what to do.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public void ThrowIfMissing()
    {
        using var run = new VideoProgramRun(frames, ["-version"], CancellationToken.None);
        run.Output.CopyTo(Stream.Null);
        if (run.WaitForEnd() is not 0 and var code)
        {
            throw new InvalidOperationException(
                $"'{frames.Program} -version' failed with exit code {code}: {run.GetErrors()}. Frames of videos are decoded by this program.");
        }
    }

    /// <summary>Decodes the frames, G, B, R of each pixel, plane after plane.</summary>
    /// <param name="path">The video file.</param>
    /// <param name="destination">The frames; what the video lacks becomes black.</param>
    /// <param name="cancellationToken">Ends the work and the program.</param>
    /// <returns>How many frames the video had.</returns>
    /// <exception cref="InvalidDataException">The file is no video that the program can decode.</exception>
    /// <exception cref="TimeoutException">The program took too long.</exception>
    public int Read(string path, Span<byte> destination, CancellationToken cancellationToken)
    {
        using var run = new VideoProgramRun(frames, GetArguments(path), cancellationToken);
        var read = run.Output.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        run.Output.Close();
        var count = (int)(read / frames.FrameBytes);
        if (count == frames.Count)
        {
            return count;
        }

        if (run.WaitForEnd() is not 0 and var code && (count == 0 || code >= FirstSignal))
        {
            throw new InvalidDataException(
                $"'{frames.Program}' decoded {count} of {frames.Count} frames and failed with exit code {code}: {run.GetErrors()}");
        }

        destination[(int)(count * frames.FrameBytes)..].Clear();
        return count;
    }

    /// <summary>Gets the arguments for a file.</summary>
    /// <remarks>Frames are numbered as they are decoded. They leave at an even pace, whatever times the video gives them, because the
    /// program would else repeat and drop some to keep the video's.</remarks>
    internal string[] GetArguments(string path)
    {
        var filter = string.Create(
            CultureInfo.InvariantCulture,
            $"select=gte(n\\,{frames.Start})*not(mod(n-{frames.Start}\\,{frames.Stride})),settb=1/25,setpts=N,"
            + $"scale={frames.Width}:{frames.Height}:flags=bilinear,format=gbrp");
        return
        [
            "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-format_whitelist", Formats, "-i", $"file:{path}", "-an", "-vf",
            filter, "-r", "25", "-frames:v", frames.Count.ToString(CultureInfo.InvariantCulture), "-f", "rawvideo", "-pix_fmt", "gbrp", "pipe:1",
        ];
    }
}
