// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;

namespace MultiNode;

/// <summary>A node as a process of its own, started from this very program. Disposing kills it if it still runs.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process _process;

    private NodeProcess(Process process) => _process = process;

    /// <summary>Starts a node with the variables that torchrun sets.</summary>
    /// <param name="remote">The dataset.</param>
    /// <param name="local">The node's cache, of its own or shared.</param>
    /// <param name="node">The number of the node.</param>
    /// <param name="nodes">The number of nodes.</param>
    /// <param name="state">A state to continue from, or nothing.</param>
    public static NodeProcess Start(string remote, string local, int node, int nodes, string? state = null)
    {
        // Started as "dotnet MultiNode.dll" or as a program of its own: both ways start another one.
        var program = Environment.ProcessPath!;
        string[] arguments = ["--node", remote, local];
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MultiNode.dll"));
        }

        foreach (var argument in state is null ? arguments : [.. arguments, state])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["RANK"] = node.ToString(CultureInfo.InvariantCulture);
        start.Environment["WORLD_SIZE"] = nodes.ToString(CultureInfo.InvariantCulture);
        start.Environment["LOCAL_WORLD_SIZE"] = "1";
        return new NodeProcess(Process.Start(start)!);
    }

    /// <summary>Lets the node train one step.</summary>
    /// <returns>The samples of the step and the state after it, or <see langword="null"/> at the end of the epoch.</returns>
    public async Task<NodeStep?> StepAsync()
    {
        await _process.StandardInput.WriteLineAsync("step");
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The node ended without a word.");
        return line == NodeStep.End ? null : NodeStep.Parse(line);
    }

    /// <summary>Kills the node at once, as a power cut does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
