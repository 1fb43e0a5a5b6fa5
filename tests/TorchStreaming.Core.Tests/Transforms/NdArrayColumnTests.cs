// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class NdArrayColumnTests
{
    [Theory]
    [InlineData("ndarray", "11040201000200", ElementType.Int16, "01000200")]
    [InlineData("ndarray:int16", "040201000200", ElementType.Int32, "0100000002000000")]
    [InlineData("ndarray:uint16:2", "FFFF0200", ElementType.Int64, "FFFF0000000000000200000000000000")]
    [InlineData("ndarray:float32:2", "0000C03F00000040", ElementType.Float64, "000000000000F83F0000000000000040")]
    [InlineData("ndarray:float32:2", "0000C03F00000040", ElementType.Float16, "003E0040")]
    [InlineData("ndarray:uint8:2", "0007", ElementType.Bool, "0001")]
    public void Transform_DenseArray_IsCopiedOrConverted(string encoding, string stored, ElementType type, string expected)
    {
        var set = new ColumnSet(new NdArrayColumn("a", type, [2]));

        var slot = new EncodedSample(("a", encoding, Convert.FromHexString(stored))).Transform(set);

        Assert.Equal(expected, Convert.ToHexString(slot.Bytes(0, 0)));
    }

    [Fact]
    public void Transform_PaddedAndListArrays_TellTheirShapes()
    {
        var set = new ColumnSet(
            new NdArrayColumn("a", ElementType.UInt8, [-1, 2], ColumnLayout.Padded, "padded").PadTo(4, 7),
            new NdArrayColumn("a", ElementType.UInt8, [-1, -1], ColumnLayout.List, "list"));

        var slot = new EncodedSample(("a", "ndarray:uint8", [8, 3, 2, 1, 2, 3, 4, 5, 6])).Transform(set);

        Assert.Equal((4L, 7.0), (set.Columns[0].PadToLength, set.Columns[0].PadValue));
        Assert.Equal([3, 2], slot.Shape(0, 0));
        Assert.Equal([3, 2], slot.Shape(1, 0));
        Assert.Equal([1, 2, 3, 4, 5, 6], slot.Bytes(0, 0));
    }

    [Theory]
    [InlineData("ndarray", "")]
    [InlineData("ndarray", "08")]
    [InlineData("ndarray", "0800")]
    [InlineData("ndarray", "0704020102")]
    [InlineData("ndarray", "0804030102")]
    [InlineData("ndarray", "08040201")]
    [InlineData("ndarray", "080400")]
    [InlineData("ndarray", "2104020000803F0000803F")]
    [InlineData("ndarray:uint8", "07FFFFFFFFFFFFFFFF")]
    [InlineData("ndarray:uint8", "0BFFFFFFFFFFFFFF7FFFFFFFFFFFFFFF7F")]
    [InlineData("ndarray:int32:2", "00010000FFFFFFFF")]
    [InlineData("ndarray:uint8:2", "010203")]
    public void Transform_DamagedOrUnfitArray_NamesTheColumn(string encoding, string stored)
    {
        var set = new ColumnSet(new NdArrayColumn("a", ElementType.UInt8, [2]));

        Assert.Throws<ColumnException>(() => new EncodedSample(("a", encoding, Convert.FromHexString(stored))).Transform(set));
    }

    [Fact]
    public void Transform_LongerThanPadding_Throws()
    {
        var set = new ColumnSet(new NdArrayColumn("a", ElementType.UInt8, [-1], ColumnLayout.Padded).PadTo(2));

        Assert.Throws<ColumnException>(() => new EncodedSample(("a", "ndarray:uint8", [4, 3, 1, 2, 3])).Transform(set));
    }

    [Theory]
    [InlineData("ndarray", true)]
    [InlineData("ndarray:", true)]
    [InlineData("ndarray:int32:3,4", true)]
    [InlineData("ndarray:bool", false)]
    [InlineData("ndarray:int32:0", false)]
    [InlineData("ndarray:int32:x", false)]
    [InlineData("ndarray:int32:1:2", false)]
    [InlineData("ndarrays", false)]
    public void Validate_EncodingString_IsUnderstoodOrNot(string text, bool expected)
    {
        var column = new NdArrayColumn("a", ElementType.Int32, text.EndsWith("3,4", StringComparison.Ordinal) ? [3, 4] : [2]);
        var error = Record.Exception(() => column.Validate("mds", new ShardColumn("a", text, null)));

        Assert.Equal(expected, error is null);
        Assert.True(error is null or ArgumentException);
    }
}
