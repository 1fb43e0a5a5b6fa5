// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>A tar whose samples are not known yet: it can be leased from a cache, to find them.</summary>
internal sealed class UnindexedTar : ShardReader
{
    public UnindexedTar(ShardInfo info, string path)
        : base(info, path)
    {
        using var file = MappedFile.Open(path, info.Files[0].Raw.Bytes);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetSampleBytes(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc/>
    public override SampleFields GetSample(int index, Span<FieldRange> ranges) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
