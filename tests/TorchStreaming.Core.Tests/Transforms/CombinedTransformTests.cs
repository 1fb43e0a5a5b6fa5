// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class CombinedTransformTests
{
    private static readonly EncodedSample Captioned =
        new(("label", "int", BitConverter.GetBytes(7L)), ("text", "str", Encoding.UTF8.GetBytes("abc")));

    [Fact]
    public void Transform_PartsWithSeveralColumns_EachFillsItsOwn()
    {
        var combined = new CombinedTransform(
            new ColumnSet(new ScalarColumn("label", name: "y")),
            Tokens(length: 4),
            new ColumnSet(new BytesColumn("text", name: "raw")));

        var slot = Captioned.Transform(combined, row: 2);

        Assert.Equal(["y", "input_ids", "attention_mask", "raw"], combined.Columns.Select(static column => column.Name));
        Assert.Equal(7L, BitConverter.ToInt64(slot.Bytes(0, 2)));
        Assert.Equal(['a', 'b', 'c', 0], Longs(slot.Bytes(1, 2)));
        Assert.Equal([1, 1, 1, 0], Longs(slot.Bytes(2, 2)));
        Assert.Equal("abc", Encoding.UTF8.GetString(slot.Bytes(3, 2)));
    }

    [Fact]
    public void Validate_ColumnThatAPartLacks_IsThatPartsError() => Assert.Contains(
        "no column 'caption'",
        Assert.Throws<ArgumentException>(() => Captioned.Transform(new CombinedTransform(
            new ColumnSet(new ScalarColumn("label")), new ColumnSet(new BytesColumn("caption"))))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Create_TwoColumnsOfOneName_IsRefused() => Assert.Contains(
        "'label'",
        Assert.Throws<ArgumentException>(() => new CombinedTransform(
            new ColumnSet(new ScalarColumn("label")), new ColumnSet(new ScalarColumn("label")))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Create_OfNothing_IsRefused() => Assert.Throws<ArgumentException>(() => new CombinedTransform());

    private static TokenizedText Tokens(int length) =>
        new("text", static (text, length) => [.. text.Take(length).Select(static letter => (int)letter)], length);

    private static long[] Longs(ReadOnlySpan<byte> bytes) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(bytes).ToArray();
}
