// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets.Text;

public sealed class TextClassesTests : IDisposable
{
    private readonly long _before = LiveTensors.Count();

    public void Dispose() => Assert.Equal(_before, LiveTensors.Count());

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void EnWiki_EverySample_IsWhatTheReferenceReturns()
    {
        using var dataset = new StreamingEnWiki(new() { Local = ClassGetItemGolden.Folder("text-enwiki"), World = World.Single });

        var compared = ClassGetItemGolden.Compare("StreamingEnWiki", (i, item) =>
        {
            using var scope = NewDisposeScope();
            var sample = dataset.GetTensor(i);
            foreach (var expected in item.EnumerateObject())
            {
                ClassGetItemGolden.AssertArray($"{expected.Name} {i}", expected.Value, sample[expected.Name]);
            }
        });

        GoldenData.AssertCount(15, compared);
    }

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void EnWiki_UnusedMasksIgnored_LeavesTheirLabels()
    {
        using var plain = new StreamingEnWiki(new() { Local = ClassGetItemGolden.Folder("text-enwiki"), World = World.Single });
        using var dataset = new StreamingEnWiki(new()
        {
            Local = ClassGetItemGolden.Folder("text-enwiki"), IgnoreUnusedMasks = true, World = World.Single,
        });
        using var scope = NewDisposeScope();

        Assert.Equal(0, plain.GetTensor(0)["labels"][0].item<long>());
        Assert.Equal(-100, dataset.GetTensor(0)["labels"][0].item<long>());
        Assert.Equal(6413, dataset.GetTensor(0)["labels"][5].item<long>());
    }

    [GoldenTheory]
    [InlineData("text-c4")]
    [InlineData("text-pile")]
    [Trait("Category", GoldenData.Category)]
    public void TextBatches_CharactersAsTokens_AreCutAndPadded(string name)
    {
        using var golden = GoldenData.ReadJson("streaming", "shards", name, "expected.json");
        var texts = golden.RootElement.GetProperty("samples").EnumerateArray()
            .Select(static sample => sample.GetProperty("values").GetProperty("text").GetProperty("v").GetString()!)
            .ToArray();
        var length = (texts.Min(static text => text.Length) + texts.Max(static text => text.Length)) / 2;
        using var dataset = Open(name, length);
        using var loader = new StreamingDataLoader(dataset, numWorkers: 2);
        var seen = new HashSet<long>();
        foreach (var batch in loader)
        {
            Assert.Equal([batch.SampleCount, length], batch["input_ids"].shape);
            for (var row = 0; row < batch.SampleCount; row++)
            {
                using var scope = NewDisposeScope();
                var text = texts[batch.SampleIds[row]];
                var cut = text[..Math.Min(length, text.Length)];
                var ids = batch["input_ids"][row].data<long>().ToArray();
                var mask = batch["attention_mask"][row].data<long>().ToArray();
                Assert.Equal(cut, string.Concat(ids[..cut.Length].Select(static id => (char)id)));
                Assert.All(ids[cut.Length..], static id => Assert.Equal(7, id));
                Assert.Equal(cut.Length, mask.Sum());
                Assert.All(mask[..cut.Length], static one => Assert.Equal(1, one));
                seen.Add(batch.SampleIds[row]);
            }
        }

        Assert.Equal(texts.Length, seen.Count);
    }

    [Fact]
    public void C4_TokenizerFails_NamesTheSampleAndTheColumn()
    {
        using var dataset = new StreamingC4(new()
        {
            Tokenizer = static (_, _) => throw new NotSupportedException("No such language."), MaxSeqLen = 8,
            Local = ClassGetItemGolden.Folder("text-c4"), World = World.Single,
        });

        var error = Assert.Throws<SampleDecodeException>(() => dataset.GetTensor(3));

        Assert.Contains("No such language.", error.Message, StringComparison.Ordinal);
        Assert.Contains("text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_Unchanged_HaveTheReferencesDefaults()
    {
        ClassArguments.AssertMirrors(
            new StreamingTextDatasetOptions { Tokenizer = static (_, _) => [], MaxSeqLen = 1 },
            [.. ClassArguments.Older, ("GroupMethod", "truncate")]);
        ClassArguments.AssertMirrors(new StreamingEnWikiOptions(), ClassArguments.Older);
    }

    private static StreamingMapDataset Open(string name, int length)
    {
        TextTokenizer characters = static (text, _) => [.. text.Select(static character => (int)character)];
        var folder = ClassGetItemGolden.Folder(name);
        return name == "text-c4"
            ? new StreamingC4(new() { Tokenizer = characters, MaxSeqLen = length, Local = folder, BatchSize = 8, Shuffle = true, PaddingToken = 7, World = World.Single })
            : new StreamingPile(new() { Tokenizer = characters, MaxSeqLen = length, Local = folder, BatchSize = 8, Shuffle = true, PaddingToken = 7, World = World.Single });
    }
}
