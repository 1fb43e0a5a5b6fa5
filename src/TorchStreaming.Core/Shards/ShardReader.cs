// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Random access to the samples of one local shard. Opening maps the raw files and checks their sizes, the sample count and the
/// ends of the offset table; each read checks the offsets that it uses, so opening costs the same for every shard.</summary>
/// <remarks>Reads are thread-safe; disposal must not race with reads (a cache lease sees to that).</remarks>
internal abstract class ShardReader : IDisposable
{
    /// <summary>Creates the reader.</summary>
    /// <param name="info">What the index says about the shard.</param>
    /// <param name="location">The data file for messages, free of secrets.</param>
    protected ShardReader(ShardInfo info, string location)
    {
        Info = info;
        Location = location;
    }

    /// <summary>Gets what the index says about the shard.</summary>
    public ShardInfo Info { get; }

    /// <summary>Gets the columns.</summary>
    public ShardSchema Schema => Info.Schema;

    /// <summary>Gets the number of samples.</summary>
    public int SampleCount => Info.SampleCount;

    /// <summary>Gets the data file for messages, free of secrets.</summary>
    public string Location { get; }

    /// <summary>Gets a sample's encoded bytes, a loan from the mapped file.</summary>
    /// <param name="index">The sample, from 0 to <see cref="SampleCount"/> - 1.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ShardFormatException">The sample's offsets are damaged.</exception>
    public abstract ReadOnlySpan<byte> GetSampleBytes(int index);

    /// <summary>Finds the columns of a sample.</summary>
    /// <param name="index">The sample, from 0 to <see cref="SampleCount"/> - 1.</param>
    /// <param name="ranges">Memory for one range per column, owned by the caller and in use as long as the result is.</param>
    /// <returns>The sample's fields, a loan from the mapped file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ShardFormatException">The sample is damaged.</exception>
    public abstract SampleFields GetSample(int index, Span<FieldRange> ranges);

    /// <summary>Asks the processor for what says where a sample is, ahead of <see cref="PrefetchSample"/>.</summary>
    internal virtual void PrefetchPlace(int index)
    {
    }

    /// <summary>Asks the processor for the first bytes of a sample, ahead of a read.</summary>
    internal virtual void PrefetchSample(int index)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the mapping back.</summary>
    /// <param name="disposing">Whether this is a call of <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
