// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli.Tests;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain text, ünï ♥ 😀", "plain text, ünï ♥ 😀")]
    [InlineData("a\nb\r\tc", "a\\nb\\r\\tc")]
    [InlineData("\u001b[2Jgone\u0007\u009b", "\\u001b[2Jgone\\u0007\\u009b")]
    public void OneLine_AnyText_HoldsNoControlCharacters(string text, string expected) =>
        Assert.Equal(expected, TerminalText.OneLine(text));
}
