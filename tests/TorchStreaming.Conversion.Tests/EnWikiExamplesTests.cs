// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Runtime.InteropServices;
using TorchStreaming.Conversion;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class EnWikiExamplesTests : IDisposable
{
    private static readonly RawConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = 600, Workers = 2 };

    private readonly TemporaryDirectory _directory = new();

    public EnWikiExamplesTests() => Directory.CreateDirectory(Source);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Sum_OfTheStandardCheck_IsTheTurnedCastagnoliSum() =>
        Assert.Equal(BitOperations.RotateRight(0xE3069283, 15) + 0xA282EAD8, TfRecordFile.Sum("123456789"u8));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConvertAsync_Examples_HoldTheSevenListsAs32BitNumbers(bool packed)
    {
        Write("part-1", Example(2, packed));
        Write("part-0", Example(0, packed), Example(1, packed));

        var made = await RawConverter.ConvertAsync(EnWikiExamples.Open(Source, "part-*"), Output, Options);

        var samples = RawSamples.Read(made);
        Assert.Equal([0, 1, 2], samples.Select(static sample => Integers(sample["input_ids"])[0]));
        Assert.Equal([1, -7, 300], Integers(samples[1]["input_ids"]));
        Assert.Equal([1], Integers(samples[1]["next_sentence_labels"]));
        Assert.Equal([1, 0.5f], MemoryMarshal.Cast<byte, float>((byte[])samples[1]["masked_lm_weights"]!).ToArray());
        Assert.Equal(
            "input_ids input_mask masked_lm_ids masked_lm_positions masked_lm_weights next_sentence_labels segment_ids",
            string.Join(' ', made.Index.Shards[0].Schema.Columns.Select(static column => column.Name)));
        Assert.All(made.Index.Shards[0].Schema.Columns, static column => Assert.Equal("bytes", column.Encoding));
    }

    [Fact]
    public async Task ConvertAsync_StoppedAndContinued_EndsWithTheSameBytesWhateverTheWorkers()
    {
        Write("a", [.. Enumerable.Range(0, 20).Select(static i => Example(i))]);
        await RawConverter.ConvertAsync(EnWikiExamples.Open(Source), _directory.Combine("expected"), Options with { Workers = 1 });
        var path = _directory.Combine("source", "a");
        var bytes = File.ReadAllBytes(path);
        bytes[^1]++;
        File.WriteAllBytes(path, bytes);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(
            EnWikiExamples.Open(Source), Output, Options with { OnError = SampleErrorPolicy.Skip }));
        Assert.Contains("record 19: its checksum is wrong", failure.Message, StringComparison.Ordinal);
        bytes[^1]--;
        File.WriteAllBytes(path, bytes);
        var made = await RawConverter.ConvertAsync(
            EnWikiExamples.Open(Source), Output, Options with { Workers = 5, OnError = SampleErrorPolicy.Skip });

        Assert.InRange(made.Resumed, 1, 19);
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_FileCutOffAnywhere_IsAnErrorThatNamesIt()
    {
        Write("a", Example(0), Example(1));
        var path = _directory.Combine("source", "a");
        var whole = File.ReadAllBytes(path);
        for (var length = 1; length < whole.Length; length += 5)
        {
            if (length != whole.Length / 2)
            {
                File.WriteAllBytes(path, whole[..length]);
                using var file = new TfRecordFile(path);

                Assert.Equal(path, Assert.Throws<SampleDecodeException>(() =>
                {
                    while (file.TryRead(out _))
                    {
                    }
                }).Location.File);
            }
        }

        File.WriteAllText(path, "This is a text and no row of records.");
        await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(EnWikiExamples.Open(path), Output, Options));
    }

    [Theory]
    [InlineData("input_mask", null, "no feature 'input_mask'")]
    [InlineData("input_mask", "text", "no feature 'input_mask'")]
    [InlineData("input_mask", 1.5f, "'input_mask' holds numbers of another type")]
    [InlineData("masked_lm_weights", 3L, "'masked_lm_weights' holds numbers of another type")]
    [InlineData("segment_ids", 1L << 31, "'segment_ids' holds 2147483648, which is no 32-bit integer")]
    public async Task ConvertAsync_DamagedExample_IsNamedOrSkipped(string feature, object? value, string problem)
    {
        Write("a", Example(0), Example(1, packed: true, feature, value), Example(2));

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(
            () => RawConverter.ConvertAsync(EnWikiExamples.Open(Source), Output, Options));
        var made = await RawConverter.ConvertAsync(
            EnWikiExamples.Open(Source), Output, Options with { OnError = SampleErrorPolicy.Skip });

        Assert.Contains("record 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Equal("a, record 1", Assert.Single(made.Skipped).File);
        Assert.Equal(2, made.Index.SampleCount);
    }

    [Fact]
    public void Read_MessageDamagedAnywhere_GivesListsOrSaysSo()
    {
        var message = Example(7);
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = (byte[])message.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                TfExample.Read(damaged.AsSpan(0, random.Next(damaged.Length + 1)), []);
            }
            catch (InvalidDataException)
            {
                // The one failure that a damaged message may have.
            }
        }
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private static int[] Integers(object? bytes) => MemoryMarshal.Cast<byte, int>((byte[])bytes!).ToArray();

    private static byte[] Example(int number, bool packed = true, string changed = "", object? value = null)
    {
        var features = new Dictionary<string, object?>
        {
            ["input_ids"] = new long[] { number, -7, 300 },
            ["input_mask"] = new long[] { 1, 1, 0 },
            ["segment_ids"] = new long[] { 0, 1, 0 },
            ["masked_lm_positions"] = new long[] { 1, 0 },
            ["masked_lm_ids"] = new long[] { 2000, 0 },
            ["masked_lm_weights"] = new[] { 1, 0.5f },
            ["next_sentence_labels"] = new long[] { 1 },
        };
        if (changed.Length > 0)
        {
            features[changed] = value switch { long integer => new[] { integer }, float real => new[] { real }, _ => value };
        }

        return TfRecords.Example(packed, [.. features.Where(static one => one.Value is not null).Select(static one => (one.Key, one.Value!))]);
    }

    private void Write(string name, params byte[][] records) => File.WriteAllBytes(_directory.Combine("source", name), TfRecords.File(records));
}
