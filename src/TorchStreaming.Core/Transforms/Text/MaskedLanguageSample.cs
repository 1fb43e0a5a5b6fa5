// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>The seven byte columns of a prepared BERT sample, as upstream's Wikipedia converter writes them, that become the four inputs of
/// a masked language model.</summary>
/// <remarks>
/// <para>The batch has <c>input_ids</c>, <c>token_type_ids</c> and <c>attention_mask</c>, 32-bit integers, and <c>labels</c>, 64-bit
/// integers that are -100 except where a token was masked; all of the sample's length, padded with 0 (labels with -100) to the longest of
/// the batch.</para>
/// <para>As upstream has it, slots for masked tokens that a sample does not use say position 0 and token 0, so that label 0 becomes 0.
/// With <c>ignoreUnusedMasks</c> slots of weight 0 are left out. Mirrors <c>streaming.text.StreamingEnWiki.get_item</c>.</para>
/// </remarks>
public sealed class MaskedLanguageSample : SampleTransform
{
    private const long Ignored = -100;

    private static readonly ImmutableArray<string> Sources =
    [
        "input_ids", "segment_ids", "input_mask", "masked_lm_positions", "masked_lm_ids", "masked_lm_weights",
    ];

    private readonly bool _ignoreUnusedMasks;

    /// <summary>Creates the transform.</summary>
    /// <param name="ignoreUnusedMasks">Whether slots of weight 0 make no label.</param>
    public MaskedLanguageSample(bool ignoreUnusedMasks = false) => _ignoreUnusedMasks = ignoreUnusedMasks;

    /// <inheritdoc/>
    public override ImmutableArray<BatchColumn> Columns { get; } =
    [
        new("input_ids", ElementType.Int32, ColumnLayout.Padded, [-1]),
        new("token_type_ids", ElementType.Int32, ColumnLayout.Padded, [-1]),
        new("attention_mask", ElementType.Int32, ColumnLayout.Padded, [-1]),
        new("labels", ElementType.Int64, ColumnLayout.Padded, [-1]) { PadValue = Ignored },
    ];

    /// <inheritdoc/>
    public override void Validate(ShardSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        foreach (var source in Sources)
        {
            var column = ColumnSet.Find(schema, source);
            if (column.Encoding != "bytes")
            {
                throw new ArgumentException($"Column '{source}' has encoding '{column.Encoding}'; arrays of this dataset are 'bytes'.");
            }
        }
    }

    /// <inheritdoc/>
    internal override SampleTransformWorker CreateWorker() => new Worker(_ignoreUnusedMasks);

    private sealed class Worker(bool ignoreUnusedMasks) : SampleTransformWorker
    {
        public override void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row)
        {
            var tokens = Read<int>(sample, 0);
            for (var i = 0; i < 3; i++)
            {
                var values = Read<int>(sample, i);
                if (values.Length != tokens.Length)
                {
                    throw new ColumnException(Sources[i], $"It has {values.Length} numbers; the sample has {tokens.Length} tokens.");
                }

                MemoryMarshal.AsBytes(values).CopyTo(slot.AllocateRow(i, row, [values.Length]));
            }

            WriteLabels(sample, MemoryMarshal.Cast<byte, long>(slot.AllocateRow(3, row, [tokens.Length])));
        }

        private void WriteLabels(SampleFields sample, Span<long> labels)
        {
            var positions = Read<int>(sample, 3);
            var ids = Read<int>(sample, 4);
            var weights = Read<float>(sample, 5);
            if (positions.Length != ids.Length || (ignoreUnusedMasks && weights.Length != ids.Length))
            {
                throw new ColumnException(Sources[3], $"It has {positions.Length} positions for {ids.Length} masked tokens.");
            }

            labels.Fill(Ignored);
            for (var i = 0; i < positions.Length; i++)
            {
                if (ignoreUnusedMasks && weights[i] == 0)
                {
                    continue;
                }

                if ((uint)positions[i] >= (uint)labels.Length)
                {
                    throw new ColumnException(Sources[3], $"Position {positions[i]} is beyond the sample's {labels.Length} tokens.");
                }

                labels[positions[i]] = ids[i];
            }
        }

        private static ReadOnlySpan<T> Read<T>(SampleFields sample, int source)
            where T : unmanaged
        {
            var bytes = sample[sample.Schema.IndexOf(Sources[source])];
            return bytes.Length % sizeof(int) == 0
                ? MemoryMarshal.Cast<byte, T>(bytes)
                : throw new ColumnException(Sources[source], $"It has {bytes.Length} bytes, which are no 32-bit numbers.");
        }
    }
}
