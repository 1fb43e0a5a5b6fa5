// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests;

/// <summary>Real datasets through the real loader against what upstream's dataset and data loader gave, worlds and saved states
/// included.</summary>
[Trait("Category", GoldenData.Category)]
public sealed class EndToEndGoldenTests
{
    private static readonly Dictionary<string, JsonElement> Recorded =
        (GoldenData.Has("streaming", "end-to-end.jsonl") ? GoldenData.ReadJsonLines("streaming", "end-to-end.jsonl") : [])
            .ToDictionary(static recorded => recorded.GetProperty("case").GetString()!);

    public static TheoryData<string> Cases => [.. Recorded.Keys];

    [GoldenTheory]
    [MemberData(nameof(Cases))]
    public void Loader_MatchesUpstream(string name)
    {
        var recorded = Recorded[name];
        foreach (var phase in recorded.GetProperty("phases").EnumerateArray())
        {
            using var caches = new TemporaryDirectory();
            if (phase.TryGetProperty("error", out _))
            {
                AssertFails(recorded, phase, caches);
                continue;
            }

            foreach (var rank in phase.GetProperty("ranks").EnumerateArray())
            {
                using var run = EndToEndRun.Open(recorded, phase, rank.GetProperty("rank").GetInt32(), caches);
                run.AssertLengths(rank);
                if (!recorded.GetProperty("case").GetString()!.Contains("same-process-reload", StringComparison.Ordinal))
                {
                    run.AssertSteps(phase, rank);
                }
            }
        }
    }

    /// <summary>Upstream ignores a state of an epoch that the dataset has begun, so that these two cases continue with epoch 1. Here the
    /// state counts: what follows is the rest of epoch 0, as cases with the same options recorded it, and then epoch 1.</summary>
    [GoldenTheory]
    [InlineData("e084-same-process-reload", "e089-state-before-iter", 1)]
    [InlineData("e085-same-process-reload-w2", "e092-persistent-workers", 0)]
    public void LoadStateDict_OwnStateOfABegunEpoch_GoesOnInIt(string name, string whole, int step)
    {
        var recorded = Find(name);
        var phase = recorded.GetProperty("phases")[0];
        var epoch0 = EndToEndRun.Batches(Find(whole).GetProperty("phases")[0].GetProperty("ranks")[0].GetProperty("epochs")[step]);
        var epoch1 = EndToEndRun.Batches(phase.GetProperty("ranks")[0].GetProperty("epochs").EnumerateArray()
            .Where(static epoch => epoch.GetProperty("op").GetString() == "iterate").ElementAt(1));
        using var caches = new TemporaryDirectory();
        using var run = EndToEndRun.Open(recorded, phase, 0, caches);

        Assert.Equal(epoch0.Take(3), run.Iterate(maxBatches: 3));
        run.Loader.LoadStateDict(run.Loader.StateDict().ToJson());
        Assert.Equal(epoch0.Skip(3).Take(2), run.Iterate(maxBatches: 2));
        run.Loader.LoadStateDict(run.Loader.StateDict().ToJson());
        Assert.Equal(epoch0.Skip(5), run.Iterate(maxBatches: null));
        Assert.Equal(epoch1, run.Iterate(maxBatches: null).Take(epoch1.Count));
    }

    private static JsonElement Find(string name) => Recorded.TryGetValue(name, out var recorded) || GoldenData.IsOwn
        ? recorded
        : throw new MissingGoldenException($"There is no case '{name}'.");

    private static void AssertFails(JsonElement recorded, JsonElement phase, TemporaryDirectory caches)
    {
        var exception = Record.Exception(() =>
        {
            using var run = EndToEndRun.Open(recorded, phase, 0, caches);
            foreach (var step in phase.GetProperty("steps").EnumerateArray())
            {
                run.Iterate(EndToEndRun.MaxBatches(step));
            }
        });

        Assert.True(exception is ArgumentException or ResumeException, $"{exception}");
    }
}
