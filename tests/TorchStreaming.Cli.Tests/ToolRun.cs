// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TorchStreaming.Cli.Tests;

/// <summary>One run of the tool in this process.</summary>
/// <param name="ExitCode">What the process would answer.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Error">The standard error.</param>
public sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>Gets the lines of the output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs the tool with its output and error captured.</summary>
    public static Task<ToolRun> InvokeAsync(params string[] args) => InvokeAsync(CancellationToken.None, args);

    /// <summary>Runs the tool with its output and error captured.</summary>
    public static async Task<ToolRun> InvokeAsync(CancellationToken cancellationToken, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await ToolCommandLine.RunAsync(args, new ToolConsole(output, error), cancellationToken);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Parses the output as JSON, after asserting that the run succeeded and wrote plain text.</summary>
    public JsonElement Json()
    {
        AssertSuccess();
        return JsonDocument.Parse(Output).RootElement;
    }

    /// <summary>Asserts that all went well and that nothing could disturb a file or a terminal.</summary>
    public ToolRun AssertSuccess()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        AssertNoControlCharacters();
        return this;
    }

    /// <summary>Asserts that the run failed with one line that holds a text.</summary>
    public ToolRun AssertError(int exitCode, string text)
    {
        Assert.Equal(exitCode, ExitCode);
        var line = Assert.Single(Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Contains(text, line, StringComparison.Ordinal);
        Assert.Empty(Output);
        AssertNoControlCharacters();
        return this;
    }

    private void AssertNoControlCharacters() =>
        Assert.DoesNotContain(Output + Error, character => char.IsControl(character) && character != '\n');
}
