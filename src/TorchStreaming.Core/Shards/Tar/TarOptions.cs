// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>How tars of files are read as samples.</summary>
public sealed record TarOptions
{
    /// <summary>The name of the column that holds the samples' keys.</summary>
    public const string KeyColumn = "__key__";

    /// <summary>Gets the tars, relative to the stream's location: names, or patterns as <see cref="BracePattern"/> takes them.</summary>
    /// <value>The default is empty: those that the location itself names, as in <c>s3://b/train-{000..146}.tar</c>, or else every tar below
    /// it, in ordinal order of their names.</value>
    public ImmutableArray<string> Shards
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>Gets how names become samples and fields.</summary>
    /// <value>The default is <see cref="TarKeyRule.WebDataset"/>.</value>
    public TarKeyRule KeyRule { get; init; }

    /// <summary>Gets the fields that samples have, as they are called after <see cref="KeyRule"/>; others are passed over.</summary>
    /// <value>The default is empty: every field that any sample has, in the order in which they come.</value>
    public ImmutableArray<string> Fields
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>Gets the encodings of fields, by MDS's names (<see cref="FieldEncodings.Names"/>): <c>str_int</c> for a <c>cls</c> of
    /// digits,
    /// <c>str</c> for <c>txt</c>, <c>json</c> for <c>json</c>.</summary>
    /// <value>The default is empty: every field is <c>bytes</c>.</value>
    public ImmutableDictionary<string, string> Encodings { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets what to do with samples that lack a field.</summary>
    /// <value>The default is <see cref="TarMissingFields.Empty"/>.</value>
    public TarMissingFields MissingFields { get; init; }

    /// <summary>Checks the options.</summary>
    /// <inheritdoc/>
    public override string ToString()
    {
        var shards = Shards.IsEmpty ? "all tars" : string.Join(", ", Shards);
        var fields = Fields.IsEmpty ? "all fields" : $"fields {string.Join(", ", Fields)}";
        return $"{shards}, {fields}, keys by the rule {KeyRule}";
    }

    internal void Validate(string paramName)
    {
        foreach (var encoding in Encodings.Values)
        {
            FieldEncodings.Get(encoding);
        }

        if (!Enum.IsDefined(KeyRule) || !Enum.IsDefined(MissingFields))
        {
            throw new ArgumentOutOfRangeException(paramName, $"KeyRule {KeyRule} or MissingFields {MissingFields} is unknown.");
        }

        if (Fields.Contains(KeyColumn) || Fields.Distinct().Count() != Fields.Length)
        {
            throw new ArgumentException($"Fields must be different from each other and from '{KeyColumn}'.", paramName);
        }
    }
}
