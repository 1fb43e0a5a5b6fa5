// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>Which frames of a video become a tensor. Decoding needs the program <c>ffmpeg</c>.</summary>
/// <param name="Count">How many frames, at least 1.</param>
/// <param name="Height">The height that frames are brought to, in pixels.</param>
/// <param name="Width">The width that frames are brought to, in pixels.</param>
/// <param name="Start">The first frame, from 0.</param>
/// <param name="Stride">The distance from one frame to the next, at least 1.</param>
/// <remarks>The tensor <c>frames</c> has bytes of shape [count, 3, height, width]; the number <c>frame_count</c> says how many of them the
/// video had, and the others are black. Frames are numbered as they are decoded, whatever the frame rate, and turned upright where the video
/// says that it was taken sideways; they are stretched to the size.</remarks>
public sealed record VideoFrames(int Count, int Height, int Width, int Start = 0, int Stride = 1)
{
    /// <summary>Gets the program, by its name on the search path or by its path.</summary>
    /// <value>The default is <c>ffmpeg</c>.</value>
    public string Program { get; init; } = "ffmpeg";

    /// <summary>Gets how long one video may take; a sample whose video takes longer fails, and the program is ended.</summary>
    /// <value>The default is 60 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the clock that <see cref="Timeout"/> is measured with.</summary>
    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal long FrameBytes => 3L * Height * Width;

    internal void ThrowIfInvalid()
    {
        if (Count < 1 || Height < 1 || Width < 1 || Start < 0 || Stride < 1 || FrameBytes * Count > int.MaxValue)
        {
            throw new ArgumentException(
                $"{Count} frames of {Height}x{Width} pixels from {Start} in steps of {Stride} cannot be: counts, sizes and steps "
                + "are at least 1, and all frames together have less than 2 GiB.");
        }

        if (Timeout <= TimeSpan.Zero && Timeout != System.Threading.Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException($"A video cannot be decoded within {Timeout}; give {nameof(Timeout)} more than 0.");
        }
    }
}
