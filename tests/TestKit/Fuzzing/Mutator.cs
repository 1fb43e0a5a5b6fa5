// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.TestKit;

/// <summary>Damages files in the ways that bring down readers: numbers at the edges, broken structure, missing and doubled parts.</summary>
public static class Mutator
{
    private const int MostChanges = 5;
    private const int HeadLength = 512;

    private static readonly ulong[] Numbers =
    [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000,
        0xFFFFFFFFFFFFFFFF,
    ];

    private static readonly byte[][] Texts =
    [
        "0"u8.ToArray(), "9"u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(), "99999999999999999999"u8.ToArray(),
        "\""u8.ToArray(), "\\"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(),
        "null"u8.ToArray(), "true"u8.ToArray(), "../"u8.ToArray(), ".."u8.ToArray(), "\\..\\"u8.ToArray(), "C:"u8.ToArray(), "/"u8.ToArray(),
        "\0"u8.ToArray(), "\n"u8.ToArray(), [0xED, 0xA0, 0x80], [0xFF],
    ];

    /// <summary>Makes a damaged copy of an input.</summary>
    /// <param name="input">The input, left as it is.</param>
    /// <param name="random">Decides about the damage.</param>
    public static FuzzInput Mutate(FuzzInput input, Random random)
    {
        byte[][] files = [.. input.Files.Select(static file => file.ToArray())];
        for (var i = random.Next(1, MostChanges + 1); i > 0; i--)
        {
            ref var file = ref files[random.Next(files.Length)];
            file = Change(file, random);
        }

        return input with { Files = files };
    }

    private static byte[] Change(byte[] file, Random random)
    {
        // Heads decide about everything after them, so they get more than their share.
        var at = random.Next(random.Next(2) == 0 ? Math.Min(file.Length, HeadLength) + 1 : file.Length + 1);
        return random.Next(10) switch
        {
            0 => Replace(file, at, [(byte)random.Next(256)]),
            1 => at < file.Length ? Replace(file, at, [(byte)(file[at] ^ (1 << random.Next(8)))]) : file,
            2 or 3 => Replace(file, at & ~3, Number(file.Length, random, sizeof(uint))),
            4 => Replace(file, at, Number(file.Length, random, 1 << random.Next(4))),
            5 => Replace(file, at, Texts[random.Next(Texts.Length)]),
            6 => [.. file.AsSpan(0, at), .. Texts[random.Next(Texts.Length)], .. file.AsSpan(at)],
            7 => file[..at],
            8 => Replace(file, at, Run(file, random)),
            _ => random.Next(2) == 0 ? Without(file, at, random.Next(64)) : [.. file.AsSpan(0, at), .. Run(file, random), .. file.AsSpan(at)],
        };
    }

    private static byte[] Number(int length, Random random, int size)
    {
        var bytes = new byte[sizeof(ulong)];
        var number = random.Next(4) == 0 ? (ulong)(length + random.Next(-2, 3)) : Numbers[random.Next(Numbers.Length)];
        if (random.Next(4) == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, number << (64 - (8 * size)));
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        }

        return bytes[..size];
    }

    private static byte[] Run(byte[] file, Random random)
    {
        var from = random.Next(file.Length + 1);
        return file[from..Math.Min(file.Length, from + random.Next(64))];
    }

    private static byte[] Replace(byte[] file, int at, ReadOnlySpan<byte> bytes)
    {
        bytes[..Math.Min(bytes.Length, file.Length - Math.Min(at, file.Length))].CopyTo(file.AsSpan(Math.Min(at, file.Length)));
        return file;
    }

    private static byte[] Without(byte[] file, int at, int length) => [.. file.AsSpan(0, at), .. file.AsSpan(Math.Min(file.Length, at + length))];
}
