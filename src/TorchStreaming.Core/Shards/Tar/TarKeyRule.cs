// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>How the names of a tar's members become samples and their fields.</summary>
public enum TarKeyRule
{
    /// <summary>WebDataset's rule: the key is the path up to the first dot of its last part, the field what follows that dot, in lower case.
    /// Members of one sample follow each other; a field that comes twice is an error. Left out are members whose name begins with a dot,
    /// has none, or ends with its first one, and metadata, whose first or last part is <c>__</c>…<c>__</c>.</summary>
    /// <remarks>Mirrors <c>webdataset.tariterators.base_plus_ext</c> and <c>group_by_keys</c>.</remarks>
    WebDataset,

    /// <summary>AIStore's rule: the key is the last part of the path up to its first dot, the field what follows its last dot, as it is
    /// written. Members of one sample may be anywhere in the tar; of two equal fields the later counts. Left out are members whose name
    /// has no dot or ends with one.</summary>
    /// <remarks>Mirrors <c>aistore.pytorch.AISShardReader</c>.</remarks>
    AIStore,
}
