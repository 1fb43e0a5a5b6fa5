// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>How the objects of AIStore sources are read in a row. What the reference has too keeps its default; the rest is off unless it
/// only makes reads faster or safer.</summary>
public record AISStreamOptions
{
    /// <summary>Gets which prefixes of the sources are read.</summary>
    /// <value>The default is none: everything.</value>
    public AISPrefixMap PrefixMap { get; init; } = [];

    /// <summary>Gets the transform that the cluster applies to each object.</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    public string? EtlName { get; init; }

    /// <summary>Gets what the transform is given.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? EtlArguments { get; init; }

    /// <summary>Gets whether whole sources rather than single objects are dealt out to workers, so that each worker lists only its own;
    /// workers beyond the number of sources get nothing.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool PartitionSourcesByWorker { get; init; }

    /// <summary>Gets the share of this reader.</summary>
    /// <value>The default is everything.</value>
    public AISWorker Worker { get; init; } = AISWorker.Single;

    /// <summary>Gets whether what does not divide evenly is dropped, so that all shares have equally many objects and no rank waits for
    /// another at the end.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool DropUneven { get; init; }

    /// <summary>Gets whether the objects come in another order in each epoch, the same for all shares. The whole listing is held in memory
    /// then.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Shuffle { get; init; }

    /// <summary>Gets the seed of the shuffle.</summary>
    /// <value>The default is 9176.</value>
    public ulong Seed { get; init; } = 9176;

    /// <summary>Gets how many objects are read ahead at a time.</summary>
    /// <value>The default is 8; 1 reads one after the other, as the reference does. Shards are read ahead one at a
    /// time, and by WebDataset's rule as many samples of them.</value>
    public int Prefetch
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 8;

    /// <summary>Gets what to do with objects that are gone when they are read.</summary>
    /// <value>The default is <see cref="AISMissingObjects.Throw"/>.</value>
    public AISMissingObjects MissingObjects { get; init; }

    /// <summary>Gets how the members of shards become samples and fields.</summary>
    /// <value>The default is <see cref="TarKeyRule.AIStore"/>.</value>
    public TarKeyRule KeyRule { get; init; } = TarKeyRule.AIStore;

    /// <summary>Gets the fields that every sample of a shard has, empty where its shard lacks them.</summary>
    /// <value>The default is none: those seen in this shard and in the ones before (<see cref="ZeroDict"/>).</value>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Gets who hears how far the reader is.</summary>
    /// <value>The default is <see langword="null"/>: nobody.</value>
    public IProgress<AISProgress>? Progress { get; init; }

    /// <summary>Says what is read and in which order, for example <c>AISStreamOptions: ais://images: train/, share 0 of 1, shuffled with seed
    /// 9176</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString() =>
        $"{GetType().Name}: {PrefixMap}, share {Worker.Share} of {Worker.ShareCount}{(Shuffle ? $", shuffled with seed {Seed}" : "")}";
}
