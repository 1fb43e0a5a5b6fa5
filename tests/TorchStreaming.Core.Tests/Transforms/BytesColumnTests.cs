// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class BytesColumnTests
{
    [Theory]
    [InlineData(ColumnLayout.Dense, 3L)]
    [InlineData(ColumnLayout.Padded, null)]
    [InlineData(ColumnLayout.Padded, 3L)]
    [InlineData(ColumnLayout.List, null)]
    public void Transform_AnyLayout_CopiesTheBytes(ColumnLayout layout, long? length)
    {
        var slot = new EncodedSample(("t", "str", [1, 2, 3])).Transform(new ColumnSet(new BytesColumn("t", layout, length)));

        Assert.Equal([1, 2, 3], slot.Bytes(0, 0));
        Assert.Equal([3], slot.Shape(0, 0));
    }

    [Theory]
    [InlineData(ColumnLayout.Dense, 2L)]
    [InlineData(ColumnLayout.Dense, 4L)]
    [InlineData(ColumnLayout.Padded, 2L)]
    public void Transform_WrongLength_NamesTheColumn(ColumnLayout layout, long length)
    {
        var set = new ColumnSet(new BytesColumn("t", layout, length));

        Assert.Equal("t", Assert.Throws<ColumnException>(() => new EncodedSample(("t", "str", [1, 2, 3])).Transform(set)).Column);
    }
}
