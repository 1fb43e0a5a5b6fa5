// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

/// <summary>Values that AIStore's protocol fixes.</summary>
public sealed class AISVectorTests
{
    private const string Page =
        "84a455554944a966476854326b397851b1436f6e74696e756174696f6e546f6b656ea0a7456e74726965739283a16ea5612e6a7067a17305a1664083a16ea762"
        + "2f632e6a7067a173d200011170a16640a5466c61677300";

    private const string EmptyPage = "84a455554944a966476854326b397851b1436f6e74696e756174696f6e546f6b656ea0a7456e747269657390a5466c61677300";

    private const string JsonPage =
        """{"uuid":"fGhT2k9xQ","entries":[{"name":"a.jpg","size":"5","flags":64},{"name":"b/c.jpg","size":"70000","flags":64}],"continuation_token":"","flags":0}""";

    [Theory]
    [InlineData("", 1, "ef46db3751d8e999")]
    [InlineData("abc", 1, "44bc2cf5ad770999")]
    [InlineData("hello", 1, "26c7827d889f6da3")]
    [InlineData("cat01", 1, "f74b3ba5b82d5c6e")]
    [InlineData("0123456789", 1, "3f5fc178a81867e7")]
    [InlineData("0123456789", 10, "f80e7b96315afffa")]
    [InlineData("a", 70_000, "4b03775a1ff8a9a1")]
    [InlineData("\0", 10_240, "5dedcf1ad67ebdbc")]
    public void Checksum_XxHash2_IsXxh64WithSeedZero(string text, int times, string expected)
    {
        using var checksum = ObjectChecksum.Create("xxhash2")!;
        for (var i = 0; i < times; i++)
        {
            checksum.Append(Encoding.ASCII.GetBytes(text));
        }

        Assert.Equal(expected, checksum.GetHexDigest());
    }

    [Theory]
    [InlineData("md5", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Checksum_OfAbc_IsThePublishedOne(string type, string expected)
    {
        using var checksum = ObjectChecksum.Create(type)!;
        checksum.Append("abc"u8);

        Assert.Equal(expected, checksum.GetHexDigest());
    }

    [Fact]
    public void Checksum_Crc32COfZeros_IsTheOneOfRfc3720()
    {
        // 32 zero bytes; the RFC prints the bytes in the order of the wire, aa 36 91 8a.
        using var checksum = ObjectChecksum.Create("crc32c")!;
        checksum.Append(new byte[32]);

        Assert.Equal("8a9136aa", checksum.GetHexDigest());
    }

    [Theory]
    [InlineData("", 12295767445558623539)]
    [InlineData("hello", 8439239763374124237)]
    [InlineData("t1", 14214570646889990061)]
    [InlineData("t2", 17780131176456335389)]
    [InlineData("t3", 7900451649967436292)]
    public void DigestOf_Text_IsXxh64WithTheClustersSeed(string text, ulong expected) => Assert.Equal(expected, AISClusterMap.DigestOf(text));

    [Theory]
    [InlineData(0, 1905207664160064169)]
    [InlineData(123456789, 5288836854215336256)]
    [InlineData(4573842, 5026071747115404967)]
    [InlineData(ulong.MaxValue, 10227601306713020730)]
    public void Mix_Number_IsTheClusters(ulong number, ulong expected) => Assert.Equal(expected, AISClusterMap.Mix(number));

    [Theory]
    [InlineData("ais", "", "", "imagenet", "train-0001.tar", 16290598466678257394, "t1")]
    [InlineData("ais", "", "", "imagenet", "train-0002.tar", 2973661522246007468, "t2")]
    [InlineData("ais", "", "", "imagenet", "train-0003.tar", 1038194065348176941, "t1")]
    [InlineData("ais", "", "", "data", "a/b.jpg", 1494303610890255588, "t2")]
    [InlineData("aws", "", "", "data", "x", 3303525472223976647, "t3")]
    [InlineData("ais", "uu", "ns", "data", "x", 3212002621851861193, "t2")]
    public void OwnerOf_Object_IsTheClusters(string provider, string uuid, string ns, string bucket, string name, ulong digest, string owner)
    {
        var identity = AISBucketName.Create(bucket, provider, new AISNamespace(uuid, ns));
        var map = new AISClusterMap(
            1, "u", [], [.. new[] { "t1", "t2", "t3" }.Select(static id => new AISNode(id, AISClusterMap.DigestOf(id), "http://" + id, 0))]);

        Assert.Equal(digest, AISClusterMap.DigestOf(identity.UniqueName(name)));
        Assert.Equal(owner, map.OwnerOf(identity, name)!.Id);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    public void OwnerOf_TargetOnItsWayOut_IsPassedOver(int flags)
    {
        var targets = new[] { new AISNode("t1", AISClusterMap.DigestOf("t1"), "", flags), new AISNode("t2", AISClusterMap.DigestOf("t2"), "", 0) };
        var map = new AISClusterMap(1, "u", [], targets);

        Assert.Equal("t2", map.OwnerOf(AISBucketName.Create("imagenet"), "train-0001.tar")!.Id);
    }

    [Fact]
    public void ReadPage_MessagePackAndJson_GiveTheSame()
    {
        var packed = AISListPages.ReadMessagePack(Convert.FromHexString(Page));
        var json = AISListPages.ReadJson(Encoding.UTF8.GetBytes(JsonPage));

        Assert.Equal("fGhT2k9xQ", packed.Uuid);
        Assert.Equal("", packed.ContinuationToken);
        Assert.Equal([new AISListEntry("a.jpg", 5, 64), new AISListEntry("b/c.jpg", 70_000, 64)], packed.Entries);
        Assert.Equal(packed.Entries, json.Entries);
        Assert.Equal(packed.Uuid, json.Uuid);
    }

    [Fact]
    public void ReadPage_Empty_HasNoEntries()
    {
        Assert.Empty(AISListPages.ReadMessagePack(Convert.FromHexString(EmptyPage)).Entries);
        Assert.Empty(AISListPages.ReadJson("""{"uuid":"x","entries":null,"continuation_token":"t","flags":0}"""u8.ToArray()).Entries);
    }

    [Fact]
    public void ReadPage_CutAnywhere_IsOneErrorOrAPage()
    {
        var page = Convert.FromHexString(Page);
        for (var length = 0; length < page.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => AISListPages.ReadMessagePack(page.AsSpan(0, length)));
        }
    }

    [Fact]
    public void ReadPage_AnyByteChanged_NeverFailsOtherwise()
    {
        var page = Convert.FromHexString(Page);
        for (var position = 0; position < page.Length; position++)
        {
            foreach (var value in (byte[])[0x00, 0x7f, 0xc1, 0xc6, 0xdb, 0xdd, 0xdf, 0xff])
            {
                var changed = (byte[])page.Clone();
                changed[position] = value;
                var error = Record.Exception(() => AISListPages.ReadMessagePack(changed));
                Assert.True(error is null or InvalidDataException, $"byte {position} = {value:x2}: {error}");
            }
        }
    }

    [Fact]
    public void ReadPage_UnknownKeysOfAllKinds_ArePassedOver()
    {
        // {"x": [nil, false, 1.5f, 1.5, bin8, ext8, fixext4, -1, {"k": uint16}], "Entries": [{"n": "a", "zz": map16 {}}]}
        byte[] page =
        [
            0x82, 0xa1, (byte)'x', 0x99, 0xc0, 0xc2, 0xca, 0, 0, 0, 0, 0xcb, 0, 0, 0, 0, 0, 0, 0, 0, 0xc4, 2, 1, 2, 0xc7, 1, 9, 7,
            0xd6, 1, 1, 2, 3, 4, 0xff, 0x81, 0xa1, (byte)'k', 0xcd, 1, 2,
            0xa7, (byte)'E', (byte)'n', (byte)'t', (byte)'r', (byte)'i', (byte)'e', (byte)'s', 0x91,
            0x82, 0xa1, (byte)'n', 0xa1, (byte)'a', 0xa2, (byte)'z', (byte)'z', 0xde, 0, 0,
        ];

        Assert.Equal([new AISListEntry("a", 0, 0)], AISListPages.ReadMessagePack(page).Entries);
    }

    [Fact]
    public void Escape_UnusualName_IsThePathOfTheProtocol() => Assert.Equal(
        "dir%20a/50%25%231%3F%2B%C3%A9%5Cx.jpg", AISObjectName.Escape("dir a/50%#1?+é\\x.jpg"));

    [Theory]
    [InlineData("")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData("~/a")]
    [InlineData("a/")]
    [InlineData("/a")]
    public void Object_NameThatTheClusterRefuses_IsArgumentError(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => new AISClient("http://localhost:1").Bucket("b").Object(name));

    [Fact]
    public void Expand_Template_RunsTheRightmostRangeFastest() => Assert.Equal(
        ["shard-0000-1.tar", "shard-0000-2.tar", "shard-0002-1.tar", "shard-0002-2.tar"],
        AISNameTemplate.Expand("shard-{0000..0002..2}-{1..2}.tar"));

    [Theory]
    [InlineData("a-{1..}")]
    [InlineData("a-{2..1}")]
    [InlineData("a-{0..9..0}")]
    [InlineData("a-{b}")]
    [InlineData("a-}")]
    [InlineData("{0..999999999}")]
    public void Expand_MalformedTemplate_IsArgumentError(string template) =>
        Assert.ThrowsAny<ArgumentException>(() => AISNameTemplate.Expand(template));
}
