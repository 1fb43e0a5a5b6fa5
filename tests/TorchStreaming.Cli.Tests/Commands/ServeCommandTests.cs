// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Serve_Interrupted_HasSucceeded()
    {
        File.WriteAllText(_directory.Combine("file.txt"), "here");
        using var interruption = new CancellationTokenSource();
        using var output = new FirstLineWriter();
        var tool = ToolCommandLine.RunAsync(
            ["serve", _directory.Path, "--port", "0"], new ToolConsole(output, TextWriter.Null), interruption.Token);

        using var client = new HttpClient();
        Assert.Equal("here", await client.GetStringAsync(new Uri(new Uri(await output.Line.WaitAsync(ToolProcess.Patience)), "file.txt")));
        await interruption.CancelAsync();

        Assert.Equal(ExitCodes.Success, await tool.WaitAsync(ToolProcess.Patience));
    }

    /// <summary>Hands out the first line that is written.</summary>
    private sealed class FirstLineWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => _line.TrySetResult(value!);
    }
}
