// SPDX-License-Identifier: MIT

using TorchStreaming;

namespace FineTuneText;

/// <summary>Makes texts by a little grammar: general ones to train a model on, and special ones to fine-tune it to.</summary>
internal static class SyntheticTexts
{
    private static readonly string[] Animals = ["fox", "heron", "badger", "otter", "owl", "hare"];
    private static readonly string[] Colors = ["red", "gray", "small", "quiet", "old", "quick"];
    private static readonly string[] Verbs = ["sees", "follows", "greets", "misses", "finds"];
    private static readonly string[] Questions = ["where is", "who knows", "who feeds", "how old is"];

    /// <summary>A general text: <c>the red fox sees the old owl.</c></summary>
    public static string General(Random random) =>
        $"the {Pick(random, Colors)} {Pick(random, Animals)} {Pick(random, Verbs)} the {Pick(random, Colors)} {Pick(random, Animals)}.";

    /// <summary>A special text: <c>Q: where is the fox? A: it sees the owl.</c></summary>
    public static string Special(Random random) =>
        $"Q: {Pick(random, Questions)} the {Pick(random, Animals)}? A: it {Pick(random, Verbs)} the {Pick(random, Animals)}.";

    /// <summary>Writes texts as shards.</summary>
    public static async Task WriteAsync(string folder, int count, Func<Random, string> make, int seed)
    {
        var random = new Random(seed);
        var columns = new Dictionary<string, string> { ["text"] = "str" };
        await using var writer = await MdsWriter.CreateAsync(folder, columns, new DatasetWriterOptions { SizeLimit = ByteSize.KiB(16) });
        for (var i = 0; i < count; i++)
        {
            writer.Row.Set("text", make(random));
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }

    private static string Pick(Random random, string[] words) => words[random.Next(words.Length)];
}
