// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>What a conversion is going to write: which columns, and the items in the order of their samples. The same raw data and options
/// give the same plan.</summary>
internal sealed class ConversionPlan
{
    private readonly int[]? _order;

    /// <summary>Makes the plan.</summary>
    /// <exception cref="ArgumentException">The options ask for a shuffled order of items that are not known beforehand, or for an unknown
    /// format.</exception>
    /// <exception cref="NotSupportedException">The format cannot hold some columns.</exception>
    public ConversionPlan(RawSource source, RawConverterOptions options)
    {
        Source = source;
        Options = options;
        Hashes = [.. options.Hashes.Distinct(StringComparer.Ordinal).Order(CodePointComparer.Instance)];
        Form = ShardForm.Create(source, options, Hashes);
        if (options.Shuffle)
        {
            _order = [.. Enumerable.Range(0, source.IsSequential ? throw new ArgumentException(
                "This kind of raw data is read from front to back, so its order cannot be shuffled. Shuffle when it is read.",
                nameof(options)) : source.Count!.Value)];
            new SplitMix64(options.ShuffleSeed).Shuffle<int>(_order);
        }

        Fingerprint = ComputeFingerprint();
    }

    /// <summary>Gets the raw data.</summary>
    public RawSource Source { get; }

    /// <summary>Gets the options.</summary>
    public RawConverterOptions Options { get; }

    /// <summary>Gets the format.</summary>
    public ShardForm Form { get; }

    /// <summary>Gets the names of the hashes, sorted as writers need them.</summary>
    public ImmutableArray<string> Hashes { get; }

    /// <summary>Gets the number of items, or <see langword="null"/> when it shows only at the end.</summary>
    public int? Count => Source.Count;

    /// <summary>Gets a digest of everything that decides the output but the contents of the files. Two plans with one fingerprint can
    /// continue each other.</summary>
    public string Fingerprint { get; }

    /// <summary>Gets the number of an item.</summary>
    /// <param name="ordinal">The item's place in the output, skipped ones counted.</param>
    public int ItemAt(int ordinal) => _order?[ordinal] ?? ordinal;

    /// <summary>Goes through the items in the order of the output.</summary>
    /// <param name="first">The place of the first one.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerable<RawItem> ItemsAsync(int first, CancellationToken cancellationToken) => _order is null
        ? Source.EnumerateAsync(first, cancellationToken)
        : _order.Skip(first).Select(static number => new RawItem(number)).ToAsyncEnumerable();

    /// <summary>Adds the facts of an item to a digest of all items so far.</summary>
    public void AppendFacts(IncrementalHash digest, int ordinal) => Source.AppendFacts(digest, ItemAt(ordinal));

    private string ComputeFingerprint()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(string.Create(
            CultureInfo.InvariantCulture,
            $"{Options.Compression}|{string.Join(',', Hashes)}|{Options.SizeLimit.Bytes}|{Options.Shuffle}|{Options.ShuffleSeed}|{Options.Format}"));
        foreach (var column in Source.Columns)
        {
            Append($"{column.Name}:{column.Encoding}");
        }

        foreach (var name in Source.Classes)
        {
            Append(name);
        }

        Source.AppendIdentity(Append);
        return Convert.ToHexStringLower(digest.GetHashAndReset());

        void Append(string text)
        {
            digest.AppendData(Encoding.UTF8.GetBytes(text));
            digest.AppendData([0]);
        }
    }
}
