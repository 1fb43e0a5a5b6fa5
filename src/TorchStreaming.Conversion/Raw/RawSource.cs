// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Security.Cryptography;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Raw data that <see cref="RawConverter"/> makes a dataset of: a listing of files, made when it was opened. One split each.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public abstract class RawSource
{
    private protected RawSource(string location) => Location = location;

    /// <summary>Gets the full path of the folder or file that the raw data is in.</summary>
    public string Location { get; }

    /// <summary>Gets the names of the classes, in the order of their numbers; empty where there are none.</summary>
    public virtual ImmutableArray<string> Classes => [];

    /// <summary>Gets the options that upstream's converter of this kind of data uses.</summary>
    public virtual RawConverterOptions DefaultOptions => RawConverterOptions.Default;

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} of {Location}";

    /// <summary>Gets the columns that samples get.</summary>
    internal abstract ImmutableArray<ShardColumn> Columns { get; }

    /// <summary>Gets what files in tars end with, by column, where it is not the column's name and kind.</summary>
    internal virtual ImmutableDictionary<string, string> TarFields => ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets the column that holds the number of the item, which is the key in tars.</summary>
    internal virtual string TarKeyColumn => TarOptions.KeyColumn;

    /// <summary>Gets the number of items, or <see langword="null"/> when it shows only at the end.</summary>
    internal abstract int? Count { get; }

    /// <summary>Adds everything that decides the samples, but not the contents of files, to a digest.</summary>
    /// <param name="append">Takes one text.</param>
    internal abstract void AppendIdentity(Action<string> append);

    /// <summary>Adds what shows that an item is still the same to a digest of all items so far.</summary>
    /// <param name="digest">The digest.</param>
    /// <param name="item">The item's number.</param>
    internal virtual void AppendFacts(IncrementalHash digest, int item)
    {
    }

    /// <summary>Gets whether items come from front to back only, so that their order cannot be another.</summary>
    internal virtual bool IsSequential => Count is null;

    /// <summary>Goes through the items in their order.</summary>
    /// <param name="first">The first item to give.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal virtual IAsyncEnumerable<RawItem> EnumerateAsync(int first, CancellationToken cancellationToken) =>
        Enumerable.Range(first, Count!.Value - first).Select(static number => new RawItem(number)).ToAsyncEnumerable();

    /// <summary>Makes what one thread needs to read items.</summary>
    internal abstract RawReader CreateReader();
}
