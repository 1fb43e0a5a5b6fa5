// SPDX-License-Identifier: MIT

namespace TorchStreaming.Documentation.Tests;

/// <summary>Tests that use what the process has once: the console, the current folder, the meter that every loader counts on. They run one after
/// the other, and no other test beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class ProcessCollection
{
    /// <summary>The name that such tests carry.</summary>
    public const string Name = "Process";
}
