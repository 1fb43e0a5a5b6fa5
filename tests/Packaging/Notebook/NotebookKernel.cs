// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TorchStreaming.Packaging.Tests;

/// <summary>A running kernel of .NET Interactive that restores from a feed, spoken to in lines of JSON.</summary>
internal sealed class NotebookKernel : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly CancellationTokenSource _patience = new(DotnetRun.Patience);
    private int _commands;

    private NotebookKernel(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a kernel whose home is a folder of the feed, so that it sees the feed's NuGet.config and leaves nothing elsewhere.</summary>
    public static NotebookKernel Start(PackedFeed feed)
    {
        var home = feed.CreateFolder("kernel");
        var start = DotnetRun.Describe(home, DotnetRun.Host, KernelTool.Path, "stdio", "--default-kernel", "csharp");
        start.RedirectStandardInput = true;
        start.Environment["HOME"] = home;
        start.Environment["DOTNET_CLI_HOME"] = home;
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        return new NotebookKernel(Process.Start(start)!);
    }

    /// <summary>Runs a cell and asserts that it succeeds.</summary>
    /// <returns>What it showed, in order.</returns>
    public async Task<IReadOnlyList<KernelOutput>> RunAsync(string code)
    {
        var token = $"cell-{++_commands}";
        var command = new JsonObject
        {
            ["token"] = token,
            ["commandType"] = "SubmitCode",
            ["command"] = new JsonObject { ["code"] = code, ["targetKernelName"] = "csharp" },
        };
        await _process.StandardInput.WriteLineAsync(command.ToJsonString());
        await _process.StandardInput.FlushAsync();
        var outputs = new OrderedDictionary<string, KernelOutput>();
        while (true)
        {
            var (type, content) = await ReadEventAsync(token);
            switch (type)
            {
                case "ReturnValueProduced" or "DisplayedValueProduced" or "DisplayedValueUpdated" or "StandardOutputValueProduced":
                    // A value that is updated stays where it was shown first.
                    var key = content.GetProperty("valueId").GetString() ?? $"{outputs.Count}";
                    var value = content.GetProperty("formattedValues").EnumerateArray().First();
                    var mimeType = type == "StandardOutputValueProduced" ? KernelOutput.Console : value.GetProperty("mimeType").GetString()!;
                    outputs[key] = new KernelOutput(mimeType, value.GetProperty("value").GetString()!);
                    break;
                case "CommandFailed":
                    Assert.Fail($"The cell failed: {content.GetProperty("message").GetString()}\n{code}");
                    break;
                case "CommandSucceeded":
                    return [.. outputs.Values];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.WaitForExit();
        _process.Dispose();
        _patience.Dispose();
    }

    /// <summary>Reads the next event of a command. Lines that are no event greet the user; events of parts of the command, such as the kernel's own
    /// usings, end that part alone.</summary>
    private async Task<(string Type, JsonElement Content)> ReadEventAsync(string token)
    {
        while (await _process.StandardOutput.ReadLineAsync(_patience.Token) is { } line)
        {
            if (!line.StartsWith('{'))
            {
                continue;
            }

            using var parsed = JsonDocument.Parse(line);
            var (type, of) = (parsed.RootElement.GetProperty("eventType").GetString()!, TokenOf(parsed.RootElement));
            if (of == token || (of?.StartsWith(token + ".", StringComparison.Ordinal) == true && !type.StartsWith("Command", StringComparison.Ordinal)))
            {
                return (type, parsed.RootElement.GetProperty("event").Clone());
            }
        }

        throw new InvalidOperationException($"The kernel has ended: {await _errors}");
    }

    private static string? TokenOf(JsonElement line) =>
        line.TryGetProperty("command", out var command) && command.ValueKind == JsonValueKind.Object ? command.GetProperty("token").GetString() : null;
}
