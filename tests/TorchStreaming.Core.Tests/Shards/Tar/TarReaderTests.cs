// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Tar;

/// <summary>Both readers understand the tar formats and agree; see <see cref="TarContents.Read"/>.</summary>
public sealed class TarReaderTests
{
    [Fact]
    public void MoveNext_PlainMembers_GivesNamesContentsAndOffsets()
    {
        var members = TarContents.Read(new TarBytes().Add("a.txt", "hello").Add("b/c.txt", "").Add("d.bin", new string('x', 513)).ToArray());

        Assert.Equal(
            [
                new("a.txt", TarMemberKind.File, "hello", 0, 512),
                new("b/c.txt", TarMemberKind.File, "", 1024, 1536),
                new("d.bin", TarMemberKind.File, new string('x', 513), 1536, 2048),
            ],
            members);
    }

    [Fact]
    public void MoveNext_LargeMembers_CrossTheBuffer()
    {
        var large = new byte[700_000];
        new Random(7).NextBytes(large);

        var members = TarContents.Read(new TarBytes().Add("a", large).Add("b", "x").Add("c", large.AsSpan(1)).ToArray());

        Assert.Equal([Encoding.Latin1.GetString(large), "x", Encoding.Latin1.GetString(large.AsSpan(1))], members.Select(static m => m.Content));
    }

    [Fact]
    public void MoveNext_LinksAndDirectories_HaveNoContentWhateverTheirSizes()
    {
        var tar = new TarBytes()
            .Add("folder/", default, '5')
            .Add("link", default, '2', static header => TarBytes.Write(header, 124, "00000000777"))
            .Add("hard", default, '1', static header => TarBytes.Write(header, 124, "00000000777"))
            .Add("old/", default, '\0')
            .Add("label", "content"u8, 'V')
            .Add("a.txt", "end");

        var members = TarContents.Read(tar.ToArray());

        Assert.Equal(
            [
                ("folder", TarMemberKind.Directory), ("link", TarMemberKind.Link), ("hard", TarMemberKind.Link), ("old", TarMemberKind.Directory),
                ("label", TarMemberKind.Other), ("a.txt", TarMemberKind.File),
            ],
            members.Select(static member => (member.Name, member.Kind)));
        Assert.Equal("end", members[^1].Content);
    }

    [Fact]
    public void MoveNext_PaxHeaders_GivePathsAndSizes()
    {
        var path = $"{new string('ü', 200)}/x.jpg";
        var tar = new TarBytes()
            .AddPax('g', ("comment", "of all"))
            .AddPax('x', ("path", path), ("mtime", "1.5"), ("comment", "a=b\nc"))
            .Add("short", "1")
            .AddPax('x', ("size", "3"))
            .Add("b.txt", "abc"u8, '0', static header => TarBytes.Write(header, 124, "00000000000"))
            .AddPax('x', ("path", "first"), ("path", "second"))
            .Add("c", "2")
            .AddPax('x', ("path", "removed"), ("path", ""))
            .Add("kept", "3");

        var members = TarContents.Read(tar.ToArray());

        Assert.Equal(
            [(path, "1"), ("b.txt", "abc"), ("second", "2"), ("kept", "3")], members.Select(static member => (member.Name, member.Content)));
        Assert.Equal((0, 3072), (members[0].Start, members[1].Start));
    }

    [Fact]
    public void MoveNext_GlobalPax_HoldsUntilReplaced()
    {
        var tar = new TarBytes()
            .AddPax('g', ("size", "2"))
            .Add("a", "ab"u8, '0', static header => TarBytes.Write(header, 124, "00000000000"))
            .AddPax('x', ("size", "1"))
            .Add("b", "c")
            .AddPax('g', ("size", ""))
            .Add("d", "def");

        Assert.Equal(["ab", "c", "def"], TarContents.Read(tar.ToArray()).Select(static member => member.Content));
    }

    [Fact]
    public void MoveNext_GnuLongNamesAndLinks_AreRead()
    {
        var name = new string('n', 300) + ".jpg";
        var tar = new TarBytes()
            .Add("././@LongLink", Encoding.UTF8.GetBytes(new string('t', 400) + "\0"), 'K')
            .Add("././@LongLink", Encoding.UTF8.GetBytes(name + "\0"), 'L')
            .Add("cut", "x")
            .Add("next", "y");

        Assert.Equal([(name, "x"), ("next", "y")], TarContents.Read(tar.ToArray()).Select(static member => (member.Name, member.Content)));
    }

    [Fact]
    public void MoveNext_UstarPrefix_IsPutBeforeTheName()
    {
        static void Prefix(byte[] header) => TarBytes.Write(header, 345, "some/folder");
        static void Gnu(byte[] header)
        {
            Prefix(header);
            TarBytes.Write(header, 257, "ustar  \0");
        }

        var tar = new TarBytes().Add("a.jpg", "1"u8, '0', Prefix).Add("b.jpg", "2"u8, '0', Gnu);

        Assert.Equal(["some/folder/a.jpg", "b.jpg"], TarContents.Read(tar.ToArray()).Select(static member => member.Name));
    }

    [Fact]
    public void MoveNext_BinarySize_IsRead()
    {
        var tar = new TarBytes().Add("a", "abc"u8, '0', static header =>
        {
            header.AsSpan(124, 12).Clear();
            (header[124], header[135]) = (0x80, 3);
        });

        Assert.Equal("abc", Assert.Single(TarContents.Read(tar.ToArray())).Content);
    }

    [Fact]
    public void MoveNext_SignedChecksum_IsAccepted()
    {
        var tar = new TarBytes().Add("ä.txt", "x").ToArray();
        var sum = 0;
        for (var i = 0; i < 512; i++)
        {
            sum += i is >= 148 and < 156 ? ' ' : (sbyte)tar[i];
        }

        TarBytes.Write(tar, 148, Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ");

        Assert.Equal("ä.txt", Assert.Single(TarContents.Read(tar)).Name);
    }

    [Fact]
    public void MoveNext_OneEndBlockAndMoreBehindIt_Ends()
    {
        var tar = new TarBytes().Add("a", "x").ToArray(endBlocks: 1);

        Assert.Single(TarContents.Read(tar));
        Assert.Single(TarContents.Read([.. tar, .. "no header at all"u8]));
    }

    [Fact]
    public void MoveNext_OnlyEndBlocks_HasNoMembers() => Assert.Empty(TarContents.Read(new byte[10240]));
}
