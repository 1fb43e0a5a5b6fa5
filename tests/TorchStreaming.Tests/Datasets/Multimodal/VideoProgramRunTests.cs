// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using TorchStreaming.Datasets;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Datasets.Multimodal;

/// <summary>Programs that misbehave in place of ffmpeg: scripts that write their number to a file and start a child of their own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class VideoProgramRunTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [ShellFact]
    public async Task Read_ProgramThatHangs_IsEndedWithItsChildrenAfterTheTime()
    {
        var time = new FakeTimeProvider();
        var frames = Frames("sleep 600 & echo $! >> pids; echo > started; wait") with { Timeout = TimeSpan.FromSeconds(0.5), TimeProvider = time };
        var reading = Task.Run(() => new VideoFrameReader(frames).Read("video", new byte[3], CancellationToken.None));
        Assert.True(SpinWait.SpinUntil(() => File.Exists(_folder.Combine("started")), Patience));

        // The program may be there before the clock is asked for its time.
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<TimeoutException>(() => reading);

        Assert.Contains("was ended after 0.5 s", error.Message, StringComparison.Ordinal);
        AssertNoneIsLeft();
    }

    [ShellFact]
    public async Task Read_Cancelled_EndsTheProgramAndItsChildren()
    {
        using var stop = new CancellationTokenSource();
        var frames = Frames("sleep 600 & echo $! >> pids; echo > started; wait");
        var reading = Task.Run(() => new VideoFrameReader(frames).Read("video", new byte[3], stop.Token));
        Assert.True(SpinWait.SpinUntil(() => File.Exists(_folder.Combine("started")), Patience));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience));
        AssertNoneIsLeft();
    }

    [ShellFact]
    public void Read_ProgramThatIsKilledOnTheWay_DoesNotPassForAShortVideo()
    {
        var frames = Frames("printf abc; kill -9 $$") with { Count = 2 };

        var error = Assert.Throws<InvalidDataException>(() => new VideoFrameReader(frames).Read("video", new byte[6], CancellationToken.None));

        Assert.Contains("decoded 1 of 2 frames and failed with exit code 137", error.Message, StringComparison.Ordinal);
    }

    [ShellFact]
    public void Read_ProgramThatComplainsWithoutEnd_KeepsTheBeginning()
    {
        var frames = Frames("i=0; while [ $i -lt 5000 ]; do echo block $i is damaged >&2; i=$((i+1)); done; exit 1");

        var error = Assert.Throws<InvalidDataException>(() => new VideoFrameReader(frames).Read("video", new byte[3], CancellationToken.None));

        Assert.Contains("block 0 is damaged", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1000, 5000);
    }

    [ShellFact]
    public void Read_ProgramThatWritesTooMuch_IsNotWaitedFor()
    {
        var frames = Frames("sleep 600 & echo $! >> pids; printf abcdef; wait");
        var bytes = new byte[3];

        Assert.Equal(1, new VideoFrameReader(frames).Read("video", bytes, CancellationToken.None));

        Assert.Equal("abc"u8.ToArray(), bytes);
        AssertNoneIsLeft();
    }

    [ShellFact]
    public void ThrowIfMissing_ProgramThatDoesNotRun_SaysWhy()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => new VideoFrameReader(Frames("echo libavcodec is gone >&2; exit 127")).ThrowIfMissing());

        Assert.Contains("failed with exit code 127: libavcodec is gone", error.Message, StringComparison.Ordinal);
    }

    [ShellFact]
    public async Task Loader_StoppedWhileAProgramRuns_DoesNotWaitForIt()
    {
        var frames = Frames("[ \"$1\" = -version ] && exit 0; sleep 600 & echo $! >> pids; echo > started; wait")
            with { Timeout = TimeSpan.FromHours(1) };
        using var dataset = new StreamingInsideWebVid(new()
        {
            Local = ClassGetItemGolden.Folder("webvid-inside"), Frames = frames, BatchSize = 2, World = World.Single,
        });
        var loader = new StreamingDataLoader(dataset, numWorkers: 1, disposeDataset: false);
        using var epoch = loader.GetEnumerator();
        var waiting = Task.Run(epoch.MoveNext);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(_folder.Combine("started")), Patience));

        await Task.Run(loader.Dispose).WaitAsync(Patience);

        await Assert.ThrowsAnyAsync<Exception>(() => waiting.WaitAsync(Patience));
        AssertNoneIsLeft();
    }

    private VideoFrames Frames(string script)
    {
        var program = _folder.Combine($"program-{Guid.NewGuid():N}");
        File.WriteAllText(program, $"#!/bin/sh\ncd '{_folder.Path}'\necho $$ >> pids\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new VideoFrames(1, 1, 1) { Program = program };
    }

    /// <summary>The kernel forgets a process that ended and was waited for; a zombie would still be there.</summary>
    private void AssertNoneIsLeft()
    {
        var numbers = File.ReadAllLines(_folder.Combine("pids")).Select(static line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
        Assert.InRange(numbers.Count, 2, 3);
        Assert.True(SpinWait.SpinUntil(() => !numbers.Exists(IsRunning), Patience));
        Assert.False(File.Exists($"/proc/{numbers[0]}/stat"), "Our child is a zombie.");
    }

    private static bool IsRunning(int number)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
