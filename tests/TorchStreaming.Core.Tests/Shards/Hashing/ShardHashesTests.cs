// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Hashing;

public sealed class ShardHashesTests
{
    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void Create_EveryGoldenVector_GivesItsDigest()
    {
        using var document = GoldenData.ReadJson("streaming", "shards", "hash-vectors.json");
        var names = document.RootElement.GetProperty("algorithms").EnumerateArray().Select(static name => name.GetString());
        GoldenData.AssertCount(0, names.Except(ShardHashes.Names).Count());
        GoldenData.AssertCount(0, ShardHashes.Names.Except(names).Count());
        foreach (var vector in document.RootElement.GetProperty("vectors").EnumerateArray())
        {
            var input = GetInput(vector);
            foreach (var digest in vector.GetProperty("digests").EnumerateObject().Where(static digest => GoldenData.IsOwn || ShardHashes.Names.Contains(digest.Name)))
            {
                using var hash = ShardHashes.Create(digest.Name);
                hash.Append(input);
                var place = $"{vector.GetProperty("name")} {digest.Name}";
                Assert.Equal($"{place} {digest.Value}", $"{place} {hash.GetHexDigest()}");
            }
        }
    }

    [Fact]
    public void Append_InPiecesOfAnySize_GivesTheDigestOfTheWhole()
    {
        var random = new Random(11);
        foreach (var name in ShardHashes.Names)
        {
            foreach (var length in (int[])[0, 1, 16, 17, 32, 33, 63, 64, 65, 128, 129, 240, 241, 256, 257, 320, 1023, 1024, 1025, 70000])
            {
                var input = new byte[length];
                random.NextBytes(input);
                using var whole = ShardHashes.Create(name);
                whole.Append(input);
                using var pieces = ShardHashes.Create(name);
                for (var rest = input.AsSpan(); !rest.IsEmpty;)
                {
                    var count = Math.Min(rest.Length, random.Next(1, random.Next(2) == 0 ? 80 : 2000));
                    pieces.Append(rest[..count]);
                    rest = rest[count..];
                }

                Assert.Equal($"{name} {length} {whole.GetHexDigest()}", $"{name} {length} {pieces.GetHexDigest()}");
            }
        }
    }

    [Theory]
    [InlineData("sha3_256", 32)]
    [InlineData("sha3_384", 48)]
    [InlineData("sha3_512", 64)]
    public void OwnKeccak_AgainstTheSystems_IsEqual(string name, int digestLength)
    {
        var input = new byte[1000];
        new Random(3).NextBytes(input);
        for (var length = 0; length <= input.Length; length += 37)
        {
            using var system = ShardHashes.Create(name);
            using var own = new KeccakHash(name, digestLength);
            system.Append(input.AsSpan(0, length));
            own.Append(input.AsSpan(0, length));

            Assert.Equal(system.GetHexDigest(), own.GetHexDigest());
        }
    }

    [Fact]
    public void Create_UnknownName_IsRefused() => Assert.Throws<ArgumentException>(() => ShardHashes.Create("crc32"));

    private static byte[] GetInput(JsonElement vector)
    {
        if (vector.TryGetProperty("b64", out var base64))
        {
            return base64.GetBytesFromBase64();
        }

        Assert.Equal("ascii 0123456789abcdef repeated 65536 times (1 MiB)", vector.GetProperty("desc").GetString());
        return Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789abcdef", 65536)));
    }
}
