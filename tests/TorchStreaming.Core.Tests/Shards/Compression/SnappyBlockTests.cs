// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Tests.Shards.Compression;

/// <summary>Blocks written by hand, after the description of the format.</summary>
public sealed class SnappyBlockTests
{
    [Theory]
    [InlineData("00", "")]
    [InlineData("03 08 616263", "616263")] // A literal of three bytes.
    [InlineData("03 F0 02 616263", "616263")] // Its length in a byte of its own.
    [InlineData("07 08 616263 01 03", "616263 616263 61")] // A copy of four bytes with eleven bits of offset,
    [InlineData("06 08 616263 0A 0300", "616263 616263")] // with two bytes of offset,
    [InlineData("06 08 616263 0B 03000000", "616263 616263")] // with four.
    [InlineData("08 00 61 1A 0100", "6161616161616161")] // A copy reads what it writes.
    public void Decompress_EveryKindOfTag_GivesTheContent(string block, string content) =>
        Assert.Equal(Bytes(content), SnappyBlock.Decompress(Bytes(block)).ToArray());

    [Theory]
    [InlineData("")]
    [InlineData("80")] // The length is cut off.
    [InlineData("FFFFFFFFFF 01")] // It has too many bytes.
    [InlineData("05")] // Nothing follows.
    [InlineData("05 08 616263")] // Too little follows.
    [InlineData("02 08 616263")] // Too much.
    [InlineData("00 08 616263")]
    [InlineData("07 08 616263 01 04")] // A copy from before the start.
    [InlineData("07 08 616263 01 00")] // A copy of itself.
    [InlineData("06 08 616263 01 03")] // A copy beyond the end.
    public void Decompress_DamagedBlock_IsInvalidData(string block) =>
        Assert.Throws<InvalidDataException>(() => SnappyBlock.Decompress(Bytes(block)));

    [Theory]
    [InlineData("FFFFFFFF0F 08 616263")] // 4 GB.
    [InlineData("FFFFFFFF07 08 616263")] // 2 GB.
    [InlineData("80808080 04 08 616263")] // 1 GB.
    public void Decompress_LengthThatTheBlockCannotHold_IsRefusedBeforeMemoryIsTaken(string block)
    {
        var bytes = Bytes(block);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<InvalidDataException>(() => SnappyBlock.Decompress(bytes));

        Assert.Contains("cannot hold", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
