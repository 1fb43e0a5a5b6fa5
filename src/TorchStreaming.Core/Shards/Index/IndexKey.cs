// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>The keys of a shard's entry in <c>index.json</c>.</summary>
internal enum IndexKey
{
    Unknown,
    Version,
    Format,
    Compression,
    Hashes,
    Samples,
    SizeLimit,
    RawData,
    ZipData,
    RawMeta,
    ZipMeta,
    ColumnNames,
    ColumnEncodings,
    ColumnSizes,
    Columns,
    Newline,
    Separator,
}
