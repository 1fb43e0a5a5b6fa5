// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Packaging.Tests;

/// <summary>A newcomer's program on <c>TorchStreaming</c> and <c>TorchSharp-cpu</c> runs, also where libstdc++ is older than TorchSharp's native file
/// asks for.</summary>
[Collection(PackedCollection.Name)]
public sealed class TorchProgramTests(PackedFeed feed)
{
    private const string Expected = "100 samples; sum 4950";

    private static readonly string[] References = ["TorchStreaming/" + PackedFeed.Version, "TorchSharp-cpu/" + PackedFeed.TorchSharpVersion];

    [Fact]
    public async Task Build_PortableThenPublishedForThisMachine_DeliversTensors()
    {
        var folder = feed.CreateProgram("TorchConsumer", References);
        await DotnetRun.SucceedAsync(folder, "build", "--nologo", "-o", "built");
        Assert.Equal(Expected, (await DotnetRun.SucceedAsync(folder, Path.Combine("built", "TorchConsumer.dll"))).Trim());

        await DotnetRun.SucceedAsync(folder, "publish", "--nologo", "-r", RuntimeInformation.RuntimeIdentifier, "--no-self-contained", "-o", "published");
        Assert.Equal(Expected, (await DotnetRun.SucceedAsync(folder, Path.Combine("published", "TorchConsumer.dll"))).Trim());
    }

    [Fact]
    public async Task Build_Twice_LeavesTheNativeFileOfTheFirst()
    {
        var folder = feed.CreateProgram("TorchConsumer", References);
        await DotnetRun.SucceedAsync(folder, "build", "--nologo", "-o", "built");
        var native = new FileInfo(Path.Combine(folder, "built", "runtimes", "linux-x64", "native", "libLibTorchSharp.so"));
        var written = native.LastWriteTimeUtc;
        await DotnetRun.SucceedAsync(folder, "build", "--nologo", "-o", "built");

        native.Refresh();
        Assert.Equal(written, native.LastWriteTimeUtc);
    }

    [Fact]
    public async Task Build_WithTheTargetOff_RunsOrSaysInOneMessageWhatTheMachineLacks()
    {
        var folder = feed.CreateProgram("TorchConsumer", References);
        await DotnetRun.SucceedAsync(folder, "build", "--nologo", "-o", "built", "-p:TorchSharpOnOlderLinux=false");
        var run = await DotnetRun.FinishAsync(folder, Path.Combine("built", "TorchConsumer.dll"));

        if (run.ExitCode == 0)
        {
            Assert.Equal(Expected, run.Output.Trim());
            return;
        }

        Assert.Contains("System.NotSupportedException: TorchSharp's libLibTorchSharp.so asks for GLIBCXX_", run.Output, StringComparison.Ordinal);
        Assert.Contains("TorchSharpOnOlderLinux", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("LoadNativeBackend", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(folder, "built"), "cpu", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task FileBasedApp_WithTheTwoPackages_DeliversTensors()
    {
        var app = feed.CreateFileBasedApp("TorchConsumer", References);

        Assert.Equal(Expected, (await DotnetRun.SucceedAsync(app.DirectoryName!, "run", app.Name)).Trim());
    }
}
