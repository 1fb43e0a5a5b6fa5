// SPDX-License-Identifier: MIT

using System.IO.Compression;
using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Tars;

/// <summary>Tars are read from front to back, in a reproducible order, and continue where they was.</summary>
public sealed class TarStreamTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadEpochAsync_WithoutShuffle_GivesTheSamplesOfTheIndexedStream()
    {
        var count = SmallTars.Write(_folder.Path, 7, 5, 3);
        await using var indexed = await StreamingDataset.OpenAsync([new DataStream { Local = _folder.Combine("train-{0..2}.tar") }]);
        foreach (var location in new[] { _folder.Combine("train-{0..2}.tar"), _folder.Path })
        {
            await using var stream = await TarStream.OpenAsync(location);
            var at = 0;
            await foreach (var sample in stream.ReadEpochAsync())
            {
                using var expected = indexed[at];
                Assert.Equal(expected.Get<string>("__key__"), sample.Key);
                Assert.Equal(expected.Bytes("txt").ToArray(), sample["txt"].ToArray());
                Assert.Equal(BitConverter.GetBytes((long)at), sample["id"].ToArray());
                Assert.Equal(["id", "txt"], sample.Fields);
                sample.Dispose();
                at++;
            }

            Assert.Equal(count, at);
            Assert.Equal(1, stream.StateDict().Epoch);
        }
    }

    [Fact]
    public async Task ReadEpochAsync_CompressedTars_GivesTheirSamples()
    {
        var tar = SmallTars.Make(0, 9);
        using (var gzip = new GZipStream(File.Create(_folder.Combine("t.tar.gz")), CompressionLevel.Fastest))
        {
            gzip.Write(tar);
        }

        using (var brotli = new BrotliStream(File.Create(_folder.Combine("t.tar.br")), CompressionLevel.Fastest))
        {
            brotli.Write(tar);
        }

        Assert.Equal(Enumerable.Range(0, 9), await ReadAsync(_folder.Combine("t.tar.gz"), new()));
        Assert.Equal(Enumerable.Range(0, 9), await ReadAsync(_folder.Combine("t.tar.br"), new()));
    }

    [Fact]
    public async Task ReadEpochAsync_RanksAndWorkers_ShareTheTars()
    {
        var count = SmallTars.Write(_folder.Path, 4, 5, 6, 7, 8, 9, 10);
        var ids = new List<int>();
        for (var rank = 0; rank < 2; rank++)
        {
            for (var worker = 0; worker < 3; worker++)
            {
                var options = new TarStreamOptions
                {
                    World = new World(1, 2, rank), WorkerCount = 3, Worker = worker, Shuffle = true, ShuffleBuffer = 4,
                };
                var own = await ReadAsync(_folder.Path, options);
                Assert.NotEmpty(own);
                ids.AddRange(own);
            }
        }

        Assert.Equal(Enumerable.Range(0, count), ids.Order());
    }

    [Fact]
    public async Task ReadEpochAsync_Shuffled_DependsOnSeedAndEpochAlone()
    {
        SmallTars.Write(_folder.Path, 9, 9, 9, 9);
        var options = new TarStreamOptions { Shuffle = true, ShuffleBuffer = 10, ReadAhead = 1 };
        await using var stream = await TarStream.OpenAsync(_folder.Path, options);
        var first = await ReadAsync(stream, int.MaxValue);
        var second = await ReadAsync(stream, int.MaxValue);

        Assert.Equal(first, await ReadAsync(_folder.Path, options with { ReadAhead = 50 }));
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, first.Order());
        Assert.Equal(first.Order(), second.Order());
        Assert.NotEqual(first, await ReadAsync(_folder.Path, options with { ShuffleSeed = 1 }));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(7, true)]
    [InlineData(100, true)]
    public async Task StateDict_AfterAnySample_ContinuesTheEpoch(int buffer, bool shuffle)
    {
        var count = SmallTars.Write(_folder.Path, 6, 3, 1, 5);
        var options = new TarStreamOptions { Shuffle = shuffle, ShuffleBuffer = buffer, ReadAhead = 3 };
        var whole = await ReadAsync(_folder.Path, options);
        for (var taken = 0; taken <= count; taken++)
        {
            await using var stream = await TarStream.OpenAsync(_folder.Path, options);
            Assert.Equal(whole.Take(taken), await ReadAsync(stream, taken));
            var state = TarStreamState.Parse(stream.StateDict().ToJson());
            var expected = whole.Skip(taken);
            Assert.Equal(taken, state.Delivered);

            await using var resumed = await TarStream.OpenAsync(_folder.Path, options);
            resumed.LoadStateDict(state);
            Assert.Equal(expected.Take(2), await ReadAsync(resumed, Math.Min(2, count - taken)));
            Assert.Equal(expected.Skip(2), await ReadAsync(resumed, int.MaxValue));
            Assert.Equal(expected, await ReadAsync(stream, int.MaxValue));
        }
    }

    [Fact]
    public async Task LoadStateDict_OfAnotherStream_IsRefused()
    {
        SmallTars.Write(_folder.Path, 2, 2);
        await using var stream = await TarStream.OpenAsync(_folder.Path);
        await using var other = await TarStream.OpenAsync(_folder.Path, new() { ShuffleSeed = 5 });

        Assert.Throws<ResumeException>(() => stream.LoadStateDict(other.StateDict()));
        Assert.Throws<ResumeException>(() => stream.LoadStateDict(stream.StateDict() with { Tar = 9 }));
        foreach (var text in new[] { "", "{}", "[]", "{\"epoch\":\"x\"}", stream.StateDict().ToJson().Replace("0", "-1", StringComparison.Ordinal) })
        {
            Assert.Throws<ResumeException>(() => TarStreamState.Parse(text));
        }
    }

    [Fact]
    public async Task ReadEpochAsync_MissingFields_FollowsThePolicy()
    {
        File.WriteAllBytes(_folder.Combine("t.tar"), new TarBytes().Add("a.x", "1").Add("a.y", "2").Add("b.x", "3").Add("c.y", "4").ToArray());
        var tars = new TarOptions { Fields = ["y"] };

        Assert.Equal(["a:2", "b:", "c:4"], await ReadTextAsync(tars, "y"));
        Assert.Equal(["a:2", "c:4"], await ReadTextAsync(tars with { MissingFields = TarMissingFields.Skip }, "y"));
        var failure = await Assert.ThrowsAsync<ShardFormatException>(
            () => ReadTextAsync(tars with { MissingFields = TarMissingFields.Throw }, "y"));
        Assert.Equal((1, "y"), (failure.Location.Sample, failure.Location.Column));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadTextAsync(new() { MissingFields = TarMissingFields.Skip }, "y"));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadTextAsync(new(), "z"));
    }

    [Fact]
    public async Task ReadEpochAsync_AIStoresRule_GroupsMembersThatAreFarApart()
    {
        File.WriteAllBytes(
            _folder.Combine("t.tar"),
            new TarBytes().Add("u/a.X", "1").Add("b.X", "2").Add("a.y", "3").Add("a.X", "longer").ToArray());

        Assert.Equal(["a:longer", "b:2"], await ReadTextAsync(new TarOptions { KeyRule = TarKeyRule.AIStore }, "X"));
    }

    [Fact]
    public async Task ReadEpochAsync_DamageInTheMiddle_IsATypedErrorAndEndsEverything()
    {
        SmallTars.Write(_folder.Path, 3, 3);
        var path = _folder.Combine("train-1.tar");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..2000]);
        await using var stream = await TarStream.OpenAsync(_folder.Path);

        var failure = await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(stream, int.MaxValue));
        Assert.Contains("train-1.tar", failure.Message, StringComparison.Ordinal);
        Assert.True(stream.StateDict().Delivered >= 3);
    }

    [Fact]
    public async Task OpenAsync_WhatCannotBeRead_IsRefused()
    {
        SmallTars.Write(_folder.Path, 1, 1);
        await Assert.ThrowsAsync<ArgumentException>(async () => await TarStream.OpenAsync(_folder.Path, new() { WorkerCount = 3 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await TarStream.OpenAsync(_folder.Path, new() { Worker = 1 }));
        await Assert.ThrowsAsync<StorageException>(async () => await TarStream.OpenAsync(Directory.CreateDirectory(_folder.Combine("no")).FullName));
    }

    private static async Task<List<int>> ReadAsync(string location, TarStreamOptions options)
    {
        await using var stream = await TarStream.OpenAsync(location, options);
        return await ReadAsync(stream, int.MaxValue);
    }

    private static async Task<List<int>> ReadAsync(TarStream stream, int count)
    {
        var ids = new List<int>();
        if (count == 0)
        {
            return ids;
        }

        await foreach (var sample in stream.ReadEpochAsync())
        {
            ids.Add((int)BitConverter.ToInt64(sample["id"].Span));
            Assert.Equal($"text {ids[^1]}", Encoding.UTF8.GetString(sample["txt"].Span));
            sample.Dispose();
            if (ids.Count == count)
            {
                break;
            }
        }

        return ids;
    }

    private async Task<List<string>> ReadTextAsync(TarOptions tars, string field)
    {
        await using var stream = await TarStream.OpenAsync(_folder.Combine("t.tar"), new TarStreamOptions { Tars = tars });
        var samples = new List<string>();
        await foreach (var sample in stream.ReadEpochAsync())
        {
            samples.Add($"{sample.Key}:{Encoding.UTF8.GetString(sample[field].Span)}");
            sample.Dispose();
        }

        return samples;
    }
}
