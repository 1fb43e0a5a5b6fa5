// SPDX-License-Identifier: MIT

namespace TorchStreaming.Packaging.Tests;

/// <summary>Tests that share one feed of packed packages.</summary>
[CollectionDefinition(Name)]
public sealed class PackedCollection : ICollectionFixture<PackedFeed>
{
    public const string Name = "packed";
}
