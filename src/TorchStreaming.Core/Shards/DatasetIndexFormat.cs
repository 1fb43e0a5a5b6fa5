// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>Which kind of index a dataset's directory is expected to have.</summary>
/// <remarks>A directory can hold both kinds, whose shards have different names; <see cref="Any"/> then reads <c>index.json</c>.</remarks>
public enum DatasetIndexFormat
{
    /// <summary><c>index.json</c>; where the store says that there is none, the index of <see cref="Legacy"/>.</summary>
    Any,

    /// <summary><c>index.json</c> and nothing else.</summary>
    Json,

    /// <summary>The index of Composer's first streaming format and nothing else: <c>index.mds</c>, or <c>index.mds.gz</c> where
    /// <c>compression.txt</c> says that the dataset is compressed.</summary>
    Legacy,
}
