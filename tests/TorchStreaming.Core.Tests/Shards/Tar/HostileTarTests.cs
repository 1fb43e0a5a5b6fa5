// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Tar;

/// <summary>Damaged and malicious tars give members or a typed error with the offset, from both readers alike.</summary>
public sealed class HostileTarTests
{
    public static TheoryData<string, string> Sizes => new()
    {
        { "00000000008", "impossible" },
        { "-0000000001", "impossible" },
        { "7777777777x", "impossible" },
        { "77777777777", "cut off" },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void MoveNext_BadSize_IsRefused(string size, string problem)
    {
        var failure = Fail(new TarBytes().Add("a", "x").Add("b", "y"u8, '0', header => TarBytes.Write(header, 124, size)));

        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Location.Offset >= 1024);
    }

    [Theory]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void MoveNext_BinaryChecksum_IsRefused(byte first)
    {
        var tar = new TarBytes().Add("a", "x").ToArray();
        tar[148] = first;

        var failure = Assert.Throws<ShardFormatException>(() => TarContents.Read(tar));

        Assert.Contains("checksum", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xFF, 0xFF, "impossible")]
    [InlineData(0x80, 0xFF, "impossible")]
    [InlineData(0x80, 0x7F, "impossible")]
    [InlineData(0x80, 0x3F, "cut off")]
    public void MoveNext_BadBinarySize_IsRefused(byte first, byte fifth, string problem)
    {
        var failure = Fail(new TarBytes().Add("b", "y"u8, '0', header =>
        {
            header.AsSpan(124, 12).Clear();
            header[124] = first;
            header[128] = fifth;
            header.AsSpan(129, 7).Fill(0xFF);
        }));

        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('S', "sparse")]
    [InlineData('M', "another volume")]
    public void MoveNext_UnreadableKind_IsRefused(char type, string problem) =>
        Assert.Contains(problem, Fail(new TarBytes().Add("b", "y"u8, type)).Message, StringComparison.Ordinal);

    [Fact]
    public void MoveNext_PaxSparse_IsRefused() => Assert.Contains(
        "sparse", Fail(new TarBytes().AddPax('x', ("GNU.sparse.major", "1")).Add("a", "x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("../a.jpg")]
    [InlineData("a/../../b.jpg")]
    [InlineData("a/..")]
    public void MoveNext_NameThatLeadsOut_IsRefused(string name) =>
        Assert.Contains("'..'", Fail(new TarBytes().Add(name, "x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("5 path=x\n")]
    [InlineData("99999999999 path=x\n")]
    [InlineData("-9 path=x\n")]
    [InlineData("+9 path=x\n")]
    [InlineData("0 path=x\n")]
    [InlineData("path=x\n")]
    [InlineData("9 path=x!")]
    [InlineData("7 path\n")]
    [InlineData("4 =\n")]
    [InlineData("11 size=-1\n")]
    [InlineData("27 size=99999999999999999999\n")]
    public void MoveNext_BadPaxRecord_IsRefused(string records)
    {
        var failure = Fail(new TarBytes().Add("PaxHeader", Encoding.UTF8.GetBytes(records), 'x').Add("a", "x"));

        Assert.Contains("extended header", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoveNext_PaxSizeBeyondTheFile_IsRefused() => Assert.Contains(
        "impossible", Fail(new TarBytes().AddPax('x', ("size", "9223372036854775807")).Add("a", "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void MoveNext_EndlessExtendedHeaders_AreRefused()
    {
        var tar = new TarBytes();
        for (var i = 0; i < 100; i++)
        {
            tar.AddPax('g', ("comment", "again"));
        }

        Assert.Contains("follow each other", Fail(tar).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoveNext_HugeExtendedHeader_IsRefusedBeforeItIsRead()
    {
        var failure = Fail(new TarBytes().Add("x", "a"u8, 'x', static header => TarBytes.Write(header, 124, "77777777777")));

        Assert.Contains("at most", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, failure.Location.Offset);
    }

    [Fact]
    public void MoveNext_HugeName_IsRefused() => Assert.Contains(
        "more than", Fail(new TarBytes().AddPax('x', ("path", new string('p', 20_000))).Add("a", "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void MoveNext_EndBehindAnExtendedHeader_IsRefused() => Assert.Contains(
        "without the member", Fail(new TarBytes().AddPax('x', ("path", "a"))).Message, StringComparison.Ordinal);

    [Fact]
    public void MoveNext_NoTar_IsRefused()
    {
        var failure = Assert.Throws<ShardFormatException>(() => TarContents.Read(Encoding.UTF8.GetBytes(new string('x', 2000))));

        Assert.Contains("not a tar", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoveNext_CutAnywhereBeforeTheEndMarker_IsRefused()
    {
        var tar = new TarBytes().AddPax('x', ("path", "long")).Add("a.txt", "hello").Add("b.txt", new string('x', 600)).ToArray(endBlocks: 1);
        foreach (var length in Enumerable.Range(0, tar.Length / 128).Select(static i => i * 128).Append(tar.Length - 1))
        {
            var failure = Assert.Throws<ShardFormatException>(() => TarContents.Read(tar[..length]));
            Assert.Contains("cut off", failure.Message, StringComparison.Ordinal);
            Assert.Equal(length, failure.Location.Offset);
        }
    }

    [Fact]
    public void MoveNext_MutatedTars_GiveMembersOrATypedError()
    {
        var original = new TarBytes()
            .AddPax('g', ("comment", "x"))
            .AddPax('x', ("path", "pax/name.jpg"), ("size", "5"))
            .Add("a.txt", "hello")
            .Add("././@LongLink", Encoding.UTF8.GetBytes(new string('n', 200)), 'L')
            .Add("b.txt", new byte[600])
            .Add("c", default, '5')
            .ToArray();
        for (var seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            var tar = original.ToArray();
            var header = random.Next(original.Length / 512) * 512;
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                tar[header + random.Next(512)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "01789\0 xgLKS=\n"u8[random.Next(14)]);
            }

            if (random.Next(4) > 0)
            {
                TarBytes.Seal(tar.AsSpan(header, 512));
            }

            try
            {
                Assert.True(TarContents.Read(tar).Count < 20, $"seed {seed}");
            }
            catch (ShardFormatException failure)
            {
                Assert.NotNull(failure.Location.Offset);
            }
        }
    }

    private static ShardFormatException Fail(TarBytes tar) => Assert.Throws<ShardFormatException>(() => TarContents.Read(tar.ToArray()));
}
