// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>What <see cref="TarIndexer"/> writes beside tars.</summary>
internal sealed record TarIndexerOptions
{
    /// <summary>Gets which tars below the location are indexed: names or patterns.</summary>
    /// <value>The default is empty: those that the location names, else all below it.</value>
    public ImmutableArray<string> Shards
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>Gets whether an index that is there is replaced.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Overwrite { get; init; }

    /// <summary>Gets whether an <c>.idx</c> for NVIDIA DALI's WebDataset reader is written beside each tar too.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool WriteDaliIndex { get; init; }

    /// <summary>Gets the clock of the progress reports.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
