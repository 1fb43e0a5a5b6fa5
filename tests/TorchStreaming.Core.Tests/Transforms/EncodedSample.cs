// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

/// <summary>One MDS sample in memory.</summary>
internal sealed class EncodedSample
{
    private readonly ShardSchema _schema;
    private readonly byte[] _bytes;
    private readonly FieldRange[] _ranges;

    public EncodedSample(params ReadOnlySpan<(string Name, string Encoding, byte[] Value)> fields)
    {
        var columns = ImmutableArray.CreateBuilder<ShardColumn>();
        var (bytes, ranges) = (new List<byte>(), new List<FieldRange>());
        foreach (var (name, encoding, value) in fields)
        {
            columns.Add(new ShardColumn(name, encoding, null));
            ranges.Add(new FieldRange(bytes.Count, value.Length));
            bytes.AddRange(value);
        }

        (_schema, _bytes, _ranges) = (new ShardSchema("mds", columns.ToImmutable()), [.. bytes], [.. ranges]);
    }

    public MemoryBatchSlot Transform(SampleTransform transform, int row = 0, TransformContext context = default)
    {
        var slot = new MemoryBatchSlot(transform);
        using var worker = transform.CreateWorker();
        Transform(worker, slot, row, context);
        return slot;
    }

    public void Transform(SampleTransformWorker worker, IBatchSlot slot, int row, TransformContext context = default) =>
        worker.Transform(new SampleFields(_schema, _bytes, _ranges), context, slot, row);
}
