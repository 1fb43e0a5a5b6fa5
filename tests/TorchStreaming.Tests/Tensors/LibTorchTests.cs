// SPDX-License-Identifier: MIT

using TorchStreaming.Tensors;

namespace TorchStreaming.Tests.Tensors;

public sealed class LibTorchTests
{
    private const string Preamble =
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace.\n";

    [Fact]
    public void Require_WhereItLoads_DoesNothing() => LibTorch.Require();

    [Fact]
    public void ExplainRefusal_OlderLibstdcxx_NamesTheVersionAndThePropertyThatHelps()
    {
        var message = LibTorch.ExplainRefusal(
            Preamble
            + "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)\n"
            + "/app/LibTorchSharp.so: cannot open shared object file: No such file or directory\n");

        Assert.Contains("asks for GLIBCXX_3.4.32, and this machine's libstdc++.so.6 is older", message, StringComparison.Ordinal);
        Assert.Contains("TorchSharpOnOlderLinux", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExplainRefusal_MissingDependency_NamesIt()
    {
        var message = LibTorch.ExplainRefusal(
            Preamble
            + "libtorch_cpu.so: cannot open shared object file: No such file or directory\n"
            + "/app/LibTorchSharp.so: cannot open shared object file: No such file or directory\n");

        Assert.Contains("needs libtorch_cpu.so, which is not on this machine", message, StringComparison.Ordinal);
        Assert.Contains("TorchSharp-cpu", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExplainRefusal_FileNotFoundAnywhere_LeavesTheSearchToTorchSharp()
        => Assert.Null(LibTorch.ExplainRefusal(
            Preamble
            + "/app/libLibTorchSharp.so: cannot open shared object file: No such file or directory\n"
            + "libLibTorchSharp.so: cannot open shared object file: No such file or directory\n"
            + "LibTorchSharp: cannot open shared object file: No such file or directory\n"));
}
