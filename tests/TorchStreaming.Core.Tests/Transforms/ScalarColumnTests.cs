// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class ScalarColumnTests
{
    [Theory]
    [InlineData("int", "FEFFFFFFFFFFFFFF", ElementType.Int64, "FEFFFFFFFFFFFFFF")]
    [InlineData("int", "FEFFFFFFFFFFFFFF", ElementType.Int32, "FEFFFFFF")]
    [InlineData("int", "0300000000000000", ElementType.Float32, "00004040")]
    [InlineData("int", "0100000000000000", ElementType.Bool, "01")]
    [InlineData("int8", "FF", ElementType.Int64, "FFFFFFFFFFFFFFFF")]
    [InlineData("uint8", "FF", ElementType.Int64, "FF00000000000000")]
    [InlineData("int16", "00FF", ElementType.Int32, "00FFFFFF")]
    [InlineData("uint16", "00FF", ElementType.Int32, "00FF0000")]
    [InlineData("uint32", "FFFFFFFF", ElementType.Int64, "FFFFFFFF00000000")]
    [InlineData("uint64", "0500000000000000", ElementType.UInt8, "05")]
    [InlineData("float16", "003E", ElementType.Float32, "0000C03F")]
    [InlineData("float32", "0000C03F", ElementType.Float16, "003E")]
    [InlineData("float64", "000000000000F83F", ElementType.BFloat16, "C03F")]
    [InlineData("float64", "000000000000F83F", ElementType.Float64, "000000000000F83F")]
    [InlineData("str_int", "202D3720", ElementType.Int16, "F9FF")]
    [InlineData("str_float", "312E35", ElementType.Float32, "0000C03F")]
    [InlineData("str_float", "2D696E66", ElementType.Float32, "000080FF")]
    public void Transform_Number_IsConverted(string encoding, string stored, ElementType type, string expected)
    {
        var slot = new EncodedSample(("y", encoding, Convert.FromHexString(stored))).Transform(new ColumnSet(new ScalarColumn("y", type)));

        Assert.Equal(expected, Convert.ToHexString(slot.Bytes(0, 0)));
    }

    [Theory]
    [InlineData("int", "0001000000000000", ElementType.UInt8)]
    [InlineData("int", "FFFFFFFFFFFFFFFF", ElementType.UInt8)]
    [InlineData("int", "0200000000000000", ElementType.Bool)]
    [InlineData("uint64", "FFFFFFFFFFFFFFFF", ElementType.Int64)]
    [InlineData("int", "01", ElementType.Int64)]
    [InlineData("int16", "", ElementType.Int64)]
    [InlineData("str_int", "312E35", ElementType.Int64)]
    [InlineData("str_int", "", ElementType.Int64)]
    [InlineData("str_float", "78", ElementType.Float32)]
    public void Transform_NumberThatDoesNotFit_NamesTheColumn(string encoding, string stored, ElementType type)
    {
        var set = new ColumnSet(new ScalarColumn("y", type));

        var sample = new EncodedSample(("y", encoding, Convert.FromHexString(stored)));

        Assert.Equal("y", Assert.Throws<ColumnException>(() => sample.Transform(set)).Column);
    }
}
