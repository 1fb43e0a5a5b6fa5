// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>The cache that a command looks after.</summary>
internal sealed class CacheDirectoryArgument : Argument<string>
{
    /// <summary>Creates the argument.</summary>
    public CacheDirectoryArgument()
        : base("dir")
    {
        Description = "The cache directory, or one with many below it. Default: where datasets without a local directory are kept.";
        DefaultValueFactory = static _ => Path.GetDirectoryName(StreamingDataset.GetDefaultLocal("default"))!;
    }
}
