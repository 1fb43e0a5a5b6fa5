// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests;

/// <summary>Decodes the column <c>id</c> of any format.</summary>
internal sealed class DecodedIdTransform : SampleTransform
{
    public override ImmutableArray<BatchColumn> Columns { get; } = [BatchColumn.Dense("id", ElementType.Int64)];

    public override void Validate(ShardSchema schema) => Assert.True(schema.IndexOf("id") >= 0);

    internal override SampleTransformWorker CreateWorker() => new Worker();

    private sealed class Worker : SampleTransformWorker
    {
        public override void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row)
        {
            var schema = sample.Schema;
            var column = schema.IndexOf("id");
            var name = schema.Columns[column].Encoding;
            var encoding = schema.Format == ShardFormats.Mds ? FieldEncodings.Get(name) : TextFieldEncodings.Get(schema.Format, name);
            MemoryMarshal.Write(slot.GetRow(0, row), encoding.As<long>().Read(sample[column]));
        }
    }
}
