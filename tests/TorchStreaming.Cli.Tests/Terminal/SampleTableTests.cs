// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli.Tests;

public sealed class SampleTableTests
{
    private static readonly string Long = new('a', 90);

    [Fact]
    public void Write_ValuesThatFit_IsATableOfWholeValues() =>
        Assert.Equal(
            """
            ┌────────┬─────┬───┐
            │ sample │ x   │ y │
            ├────────┼─────┼───┤
            │ 0      │ one │ 1 │
            └────────┴─────┴───┘

            """.ReplaceLineEndings("\n"),
            Render(80, ["x", "y"], ["one", "1"]));

    [Fact]
    public void Write_OneLongValue_IsCutAndTheOthersAreNot()
    {
        var lines = Render(60, ["x", "y"], [Long, "123456789"]).Split('\n');

        Assert.Equal(6, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 60));
        Assert.Contains("aaa… │ 123456789 │", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TooManyColumnsForTheWidth_IsALinePerValue()
    {
        var text = Render(40, ["first", "b", "c", "d"], [Long, "two\u001b", "three", Long]);

        Assert.StartsWith("sample 0\n  first  aaaaaaaa", text, StringComparison.Ordinal);
        Assert.Contains("  b      two\\u001b\n", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 40));
    }

    private static string Render(int width, string[] names, string[] values)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = new ToolConsole(output, TextWriter.Null).Tables;
        console.Profile.Width = width;
        SampleTable.Write(console, names, [("0", values)]);
        return output.ToString();
    }
}
