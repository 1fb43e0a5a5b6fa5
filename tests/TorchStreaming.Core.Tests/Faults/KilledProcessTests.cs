// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Faults;

/// <summary>Two processes over one cache, killed at random moments: whoever is left continues, and the next run completes, every byte right
/// and nothing left behind.</summary>
/// <remarks><c>TORCHSTREAMING_KILL_ROUNDS</c> is the number of rounds, <c>TORCHSTREAMING_KILL_SEED</c> the seed of the moments.</remarks>
public sealed class KilledProcessTests(ITestOutputHelper output) : IDisposable
{
    private const int RoundsInSuite = 2;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Epoch_ProcessesKilledAtRandomMoments_NextRunIsExactAndClean()
    {
        var rounds = FaultVariables.Get("TORCHSTREAMING_KILL_ROUNDS", RoundsInSuite);
        var random = new Random(FaultVariables.Get("TORCHSTREAMING_KILL_SEED", 1));
        SharedCacheData[] datasets =
        [
            await SharedCacheData.WriteAsync(_directory.Combine("plain"), 1200, compression: null),
            await SharedCacheData.WriteAsync(_directory.Combine("packed"), 1200, "gz"),
        ];
        var expected = datasets.Select(static data => new[] { data.Expect(0, 2, 1), data.Expect(1, 2, 1) }).ToArray();
        var (killed, halfWritten, tries, watch) = (0, 0, 0, Stopwatch.StartNew());
        var whole = await MeasureAsync(datasets[1]);

        // Where many rounds are asked for, one counts when somebody was killed at work: on a machine whose speed changes some come too late.
        var most = rounds > RoundsInSuite ? 10 * rounds : rounds;
        var round = 0;
        for (; round < rounds && tries < most; tries++)
        {
            var (data, right) = (datasets[tries % 2], expected[tries % 2]);
            var local = _directory.Combine($"local-{tries}");
            var before = killed;
            var limit = random.Next(2) == 0 ? 0 : (5 * data.LargestShard) + 20_000;
            var killsBoth = random.Next(3) > 0;

            // Before that the runtime starts.
            var moment = whole * (0.3 + (0.7 * random.NextDouble()));
            using (var first = RankProcess.Start(data.Remote, local, 0, 2, cacheLimit: limit))
            using (var second = RankProcess.Start(data.Remote, local, 1, 2, cacheLimit: limit))
            {
                await Task.Delay(moment, TimeProvider.System);
                killed += await first.KillAsync() ? 1 : 0;
                if (killsBoth)
                {
                    killed += await second.KillAsync() ? 1 : 0;
                }
                else
                {
                    Assert.Equal(right[1], (await second.CompleteAsync()).Epochs);
                }
            }

            halfWritten += Directory.Exists(local) ? Directory.GetFiles(local, "*.ts-tmp", SearchOption.AllDirectories).Length : 0;
            using (var first = RankProcess.Start(data.Remote, local, 0, 2, cacheLimit: limit))
            using (var second = RankProcess.Start(data.Remote, local, 1, 2, cacheLimit: limit))
            {
                Assert.Equal(right[0], (await first.CompleteAsync()).Epochs);
                Assert.Equal(right[1], (await second.CompleteAsync()).Epochs);
            }

            data.AssertClean(local);
            round += killed > before ? 1 : 0;
            Directory.Delete(local, recursive: true);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{round} rounds ({tries - round} more came too late) in {watch.Elapsed.TotalSeconds:0} s, a run takes {whole.TotalMilliseconds:0} ms: {killed} processes killed at "
                + $"work, {halfWritten} half-written files found and repaired"));
    }

    private async Task<TimeSpan> MeasureAsync(SharedCacheData data)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 2; i++)
        {
            var watch = Stopwatch.StartNew();
            using var first = RankProcess.Start(data.Remote, _directory.Combine($"measured-{i}"), 0, 2);
            using var second = RankProcess.Start(data.Remote, _directory.Combine($"measured-{i}"), 1, 2);
            await first.CompleteAsync();
            await second.CompleteAsync();
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }

        return best;
    }
}
