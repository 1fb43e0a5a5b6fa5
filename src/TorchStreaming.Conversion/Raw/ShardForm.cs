// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>The format that a conversion writes: how samples are in a shard, and what files make one.</summary>
internal abstract class ShardForm
{
    private protected ShardForm(ShardSchema schema) => Schema = schema;

    /// <summary>Gets the columns as the index has them.</summary>
    public ShardSchema Schema { get; }

    /// <summary>Gets the size of a shard without samples.</summary>
    public abstract long EmptyLength { get; }

    /// <summary>Gets what each sample takes beside its bytes.</summary>
    public abstract int SampleOverhead { get; }

    /// <summary>Gets the number of samples that a shard has at most.</summary>
    public virtual int MostSamples => int.MaxValue;

    /// <summary>Gets the form that the options ask for.</summary>
    /// <exception cref="ArgumentException">There is no such format to write.</exception>
    /// <exception cref="NotSupportedException">The format cannot hold some columns.</exception>
    public static ShardForm Create(RawSource source, RawConverterOptions options, ImmutableArray<string> hashes) => options.Format switch
    {
        ShardFormats.Mds => new MdsForm(source.Columns, options, hashes),
        ShardFormats.Tar => TarForm.Create(source),
        _ => throw new ArgumentException($"'{options.Format}' is no format to convert raw data to. Known are mds and tar.", nameof(options)),
    };

    /// <summary>Brings a sample into this form. One thread at a time.</summary>
    /// <param name="sample">The sample as MDS has it.</param>
    /// <param name="number">The item's number.</param>
    /// <returns>The sample; valid until the next call.</returns>
    public abstract ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> sample, int number);

    /// <summary>Makes the files of a shard. Thread-safe.</summary>
    /// <param name="buffer">The samples.</param>
    /// <param name="shard">The shard's number.</param>
    public abstract IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard);
}
