// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>MDS shards, whose samples are as readers make them.</summary>
internal sealed class MdsForm : ShardForm
{
    private readonly MdsShardLayout _layout;

    /// <summary>Creates the form.</summary>
    public MdsForm(ImmutableArray<ShardColumn> columns, RawConverterOptions options, ImmutableArray<string> hashes)
        : base(new ShardSchema(ShardFormats.Mds, columns)) => _layout = new MdsShardLayout(Schema, new DatasetWriterOptions
        {
            CompressionScheme = options.CompressionScheme,
            Hashes = hashes,
            SizeLimit = options.SizeLimit,
        });

    /// <inheritdoc/>
    public override long EmptyLength => _layout.EmptyLength;

    /// <inheritdoc/>
    public override int SampleOverhead => sizeof(uint);

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> sample, int number) => sample;

    /// <inheritdoc/>
    public override IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard) => [_layout.LayOut(buffer, shard)];
}
