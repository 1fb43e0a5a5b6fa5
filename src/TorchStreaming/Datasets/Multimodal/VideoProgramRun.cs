// SPDX-License-Identifier: MIT

using System.ComponentModel;
using System.Diagnostics;

namespace TorchStreaming.Datasets;

/// <summary>One run of the program that decodes videos. It ends by itself, after a time, on cancellation or with this object: it never
/// outlives it.</summary>
internal sealed class VideoProgramRun : IDisposable
{
    // A damaged video may make the program complain about every block of every frame.
    private const int MostErrorText = 4000;

    private readonly VideoFrames _frames;
    private readonly CancellationToken _cancellationToken;
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _patience;
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Starts the program.</summary>
    /// <param name="frames">Names the program and says how long it may take.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="InvalidOperationException">There is no such program; the message says what to do.</exception>
    public VideoProgramRun(VideoFrames frames, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _frames = frames;
        _cancellationToken = cancellationToken;
        _process = Start(frames.Program, arguments);
        _errors = ReadErrorsAsync(_process.StandardError);
        _time = new CancellationTokenSource(frames.Timeout, frames.TimeProvider);
        _patience = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, cancellationToken);
        _registration = _patience.Token.UnsafeRegister(static state => Kill((Process)state!), _process);
    }

    /// <summary>Gets what the program writes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Waits until the program has ended.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="OperationCanceledException">It was ended by <c>cancellationToken</c>.</exception>
    public int WaitForEnd()
    {
        _process.WaitForExit();
        _cancellationToken.ThrowIfCancellationRequested();
        return _patience.IsCancellationRequested
            ? throw new TimeoutException(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"'{_frames.Program}' was ended after {_frames.Timeout.TotalSeconds:0.###} s. ")
                + $"{nameof(VideoFrames)}.{nameof(VideoFrames.Timeout)} is how long one video may take.")
            : _process.ExitCode;
    }

    /// <summary>Gets the beginning of what the program complained about; waits for its end.</summary>
    public string GetErrors() => _errors.GetAwaiter().GetResult().Trim();

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _patience.Dispose();
        _time.Dispose();
        Kill(_process);
        _process.WaitForExit();
        _errors.GetAwaiter().GetResult();
        _process.Dispose();
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException(
                $"Frames of videos are decoded by the program '{program}', which was not found. Install ffmpeg "
                + "(Debian and Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), set "
                + $"{nameof(VideoFrames)}.{nameof(VideoFrames.Program)} to its path, or leave out the argument frames and decode the tensor "
                + "'content' by other means.",
                error);
        }
    }

    private static async Task<string> ReadErrorsAsync(StreamReader reader)
    {
        var text = new char[MostErrorText];
        var length = await reader.ReadBlockAsync(text).ConfigureAwait(false);
        var rest = new char[1024];
        while (await reader.ReadAsync(rest).ConfigureAwait(false) > 0)
        {
            // Read on, or the program would wait for room in the pipe.
        }

        return new string(text, 0, length);
    }

    private static void Kill(Process process)
    {
        try
        {
            // With its children: the program may be a script that starts the real one, which would continue holding the pipes.
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }
}
