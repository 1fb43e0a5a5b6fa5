// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Loading;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Loading;

public sealed class BatchSlotTests
{
    [Fact]
    public void Dense_Rows_LieOneAfterTheOther()
    {
        using var slot = CreateSlot(BatchColumn.Dense("x", ElementType.Int32, 2), rows: 3);
        for (var row = 0; row < 3; row++)
        {
            MemoryMarshal.Cast<byte, int>(slot.GetRow(0, row)).Fill(row);
        }

        slot.Complete(3);

        Assert.Equal([0, 0, 1, 1, 2, 2], Values<int>(slot, 6));
        Assert.Equal([3, 2], slot[0].GetBatchShape(3)!);
        Assert.Throws<ArgumentOutOfRangeException>(() => slot.GetRow(0, 3).Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4L)]
    public void Padded_RowsOfSeveralLengths_ArePaddedAndMeasured(long? padTo)
    {
        var column = new BatchColumn("x", ElementType.Int16, ColumnLayout.Padded, [-1, 2]) { PadValue = -7, PadToLength = padTo };
        using var slot = CreateSlot(column, rows: 3);
        foreach (var lengths in new[] { new[] { 1, 3, 0 }, [2, 0, 0], [4, 4, 4], [0, 0, 0] })
        {
            for (var row = 0; row < 3; row++)
            {
                MemoryMarshal.Cast<byte, short>(slot.AllocateRow(0, row, [lengths[row], 2])).Fill((short)(row + 1));
            }

            slot.Complete(3);

            var width = padTo ?? lengths.Max();
            Assert.Equal([3, width, 2], slot[0].GetBatchShape(3)!);
            var expected = Enumerable.Range(0, 3).SelectMany(row => Enumerable.Repeat((short)(row + 1), 2 * lengths[row])
                .Concat(Enumerable.Repeat((short)-7, (int)(2 * (width - lengths[row])))));
            Assert.Equal(expected, Values<short>(slot, (int)(6 * width)));
            Assert.Equal(
                lengths.Select(static length => (long)length),
                MemoryMarshal.Cast<byte, long>(slot[0].Lengths!.GetSpan(0, 24)).ToArray());
        }
    }

    [Fact]
    public void Padded_ValueLongerThanItsColumn_SaysSo()
    {
        var column = new BatchColumn("x", ElementType.Int16, ColumnLayout.Padded, [-1]) { PadToLength = 4 };
        using var slot = CreateSlot(column, rows: 1);

        var exception = Assert.Throws<ArgumentException>(() => slot.AllocateRow(0, 0, [5]).Length);

        Assert.Contains("PadToLength", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllocateRow_ShapeThatDoesNotFit_SaysBoth()
    {
        using var slot = CreateSlot(new BatchColumn("x", ElementType.UInt8, ColumnLayout.List, [3, -1]), rows: 1);

        slot.AllocateRow(0, 0, [3, 5]);
        var exception = Assert.Throws<ArgumentException>(() => slot.AllocateRow(0, 0, [2, 5]).Length);
        Assert.Contains("[2, 5]", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => slot.AllocateRow(0, 0, [3]).Length);
        Assert.Throws<ArgumentException>(() => slot.AllocateRow(0, 0, [3, -1]).Length);
        Assert.Throws<OverflowException>(() => slot.AllocateRow(0, 0, [3, long.MaxValue]).Length);
        Assert.Throws<ArgumentException>(() => slot.AllocateRow(0, 0, [3, int.MaxValue]).Length);
    }

    [Theory]
    [InlineData(ColumnLayout.Dense)]
    [InlineData(ColumnLayout.Padded)]
    public void Column_OfUnknownSize_IsRefused(ColumnLayout layout) => Assert.Throws<ArgumentException>(
        () => CreateSlot(new BatchColumn("x", ElementType.UInt8, layout, [2, -1]), rows: 1));

    [Fact]
    public void FindMissing_RowThatWasNotMade_NamesItsColumn()
    {
        using var slot = CreateSlot(new BatchColumn("x", ElementType.UInt8, ColumnLayout.List, [-1]), rows: 2);
        slot.AllocateRow(0, 0, [1]);
        slot.ClearRow(1);

        Assert.Null(slot.FindMissing(0));
        Assert.Equal("x", slot.FindMissing(1)?.Name);
    }

    [Fact]
    public void Rows_OfManyBatches_UseTheSameMemory()
    {
        var allocator = new TrackingBatchAllocator();
        using var slot = new BatchSlot([new BatchColumn("x", ElementType.UInt8, ColumnLayout.List, [-1])], 2, allocator);
        slot.AllocateRow(0, 0, [100]);
        slot.AllocateRow(0, 1, [100]);
        var before = allocator.Allocations;

        for (var length = 0; length <= 100; length++)
        {
            Assert.Equal(length, slot.AllocateRow(0, length % 2, [length]).Length);
        }

        Assert.Equal(before, allocator.Allocations);
    }

    [Theory]
    [InlineData(ElementType.UInt8, 300, "FF")]
    [InlineData(ElementType.Int8, -1, "FF")]
    [InlineData(ElementType.Bool, 2, "01")]
    [InlineData(ElementType.Int16, -2, "FEFF")]
    [InlineData(ElementType.Int32, 1, "01000000")]
    [InlineData(ElementType.Int64, -100, "9CFFFFFFFFFFFFFF")]
    [InlineData(ElementType.Float16, 1, "003C")]
    [InlineData(ElementType.BFloat16, 1, "803F")]
    [InlineData(ElementType.BFloat16, 1.00390625, "803F")]
    [InlineData(ElementType.BFloat16, 1.01171875, "823F")]
    [InlineData(ElementType.BFloat16, double.NaN, "C07F")]
    [InlineData(ElementType.BFloat16, double.NegativeInfinity, "80FF")]
    [InlineData(ElementType.Float32, -0.5, "000000BF")]
    [InlineData(ElementType.Float64, 2, "0000000000000040")]
    public void PadFill_AnyType_ConvertsTheValue(ElementType type, double value, string expected)
    {
        var bytes = new byte[3 * type.SizeInBytes()];

        PadFill.Fill(bytes, type, value);

        Assert.Equal(string.Concat(expected, expected, expected), Convert.ToHexString(bytes));
    }

    [Fact]
    public void NativeMemory_IsAlignedAndChecked()
    {
        using var memory = NativeBatchAllocator.Instance.Allocate(ElementType.Float32, 10);

        Assert.Equal(40, memory.ByteLength);
        Assert.True(MemoryMarshal.Cast<byte, long>(memory.GetSpan(0, 40)).Length == 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(36, 5).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(-1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(0, -1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(long.MaxValue, 1).Length);
        memory.Dispose();
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.GetSpan(0, 1).Length);
    }

    private static BatchSlot CreateSlot(BatchColumn column, int rows) => new([column], rows, NativeBatchAllocator.Instance);

    private static T[] Values<T>(BatchSlot slot, int count)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(slot[0].Block!.GetSpan(0, count * System.Runtime.CompilerServices.Unsafe.SizeOf<T>())).ToArray();
}
