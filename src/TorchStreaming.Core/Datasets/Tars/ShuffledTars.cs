// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Datasets;

/// <summary>Decides the order of tars and samples: pure functions of seed, epoch and position.</summary>
internal static class ShuffledTars
{
    private const long TarsPlace = 1;
    private const long SamplesPlace = 2;

    /// <summary>Gets the tars that one reader reads in an epoch, in order.</summary>
    /// <param name="count">The number of tars.</param>
    /// <param name="options">The order and the world.</param>
    /// <param name="world">The ranks.</param>
    /// <param name="epoch">The epoch.</param>
    public static ImmutableArray<int> GetTars(int count, TarStreamOptions options, World world, long epoch)
    {
        var order = Enumerable.Range(0, count).ToArray();
        if (options.Shuffle)
        {
            var random = CreateRandom(options, epoch, 0, TarsPlace);
            for (var i = count - 1; i > 0; i--)
            {
                var other = random.NextInt32(i + 1);
                (order[i], order[other]) = (order[other], order[i]);
            }
        }

        var reader = (world.Rank * options.WorkerCount) + options.Worker;
        var readers = world.RankCount * options.WorkerCount;
        return [.. order.Where((_, place) => place % readers == reader)];
    }

    /// <summary>Chooses one of the samples that wait.</summary>
    /// <param name="options">The seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="delivered">How many samples the reader has delivered in it.</param>
    /// <param name="waiting">How many wait.</param>
    public static int Choose(TarStreamOptions options, long epoch, long delivered, int waiting) =>
        waiting == 1 ? 0 : CreateRandom(options, epoch, delivered, SamplesPlace).NextInt32(waiting);

    private static SampleRandom CreateRandom(TarStreamOptions options, long epoch, long position, long place) =>
        new(new TransformContext(unchecked((long)options.ShuffleSeed), epoch, position), place);
}
