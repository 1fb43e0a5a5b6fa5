// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Packs token sequences of a batch into rows of one length, so that little is padding.</summary>
public static class TokenPacking
{
    /// <summary>Packs sequences, each into the first row that has room; see <see cref="SequencePlacement.FirstFit"/>.</summary>
    /// <param name="sequences">64-bit integers of shape [length] each, on the CPU; longer ones than a row are cut.</param>
    /// <param name="length">The length of a row, at least 1.</param>
    /// <param name="paddingToken">What is left of a row is filled with.</param>
    /// <returns>Four tensors of 64-bit integers of shape [rows, length]: <c>input_ids</c>; <c>segment_ids</c>, the number of the sequence
    /// within its row from 1, and 0 for padding, of which attention masks are made (positions with equal numbers see each other);
    /// <c>position_ids</c>, the place within the sequence; and <c>attention_mask</c>, 1 for tokens and 0 for padding. They belong to the
    /// current dispose scope, otherwise to the caller.</returns>
    /// <exception cref="ArgumentException">A sequence is not of 64-bit integers of one dimension.</exception>
    /// <remarks>What comes out depends on the sequences and their order alone. Use it on a list column
    /// (<see cref="TensorBatch.Lists"/>), or in the collate function of a <see cref="StreamingMapDataset"/>.</remarks>
    public static Dictionary<string, Tensor> Pack(IReadOnlyList<Tensor> sequences, int length, long paddingToken = 0)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var lengths = new int[sequences.Count];
        for (var i = 0; i < lengths.Length; i++)
        {
            if (sequences[i].dtype != ScalarType.Int64 || sequences[i].dim() != 1)
            {
                throw new ArgumentException(
                    $"Sequence {i} is {sequences[i].dtype} of {sequences[i].dim()} dimensions, not 64-bit integers of one.",
                    nameof(sequences));
            }

            lengths[i] = (int)Math.Min(sequences[i].shape[0], length);
        }

        var placements = SequencePlacement.FirstFit(lengths, length, out var rows);
        var ids = full(rows, length, paddingToken, dtype: ScalarType.Int64);
        var segments = zeros(rows, length, dtype: ScalarType.Int64);
        var positions = zeros(rows, length, dtype: ScalarType.Int64);
        var mask = zeros(rows, length, dtype: ScalarType.Int64);
        var counts = new long[rows];
        for (var i = 0; i < lengths.Length; i++)
        {
            var start = (placements[i].Row * length) + placements[i].Offset;
            using var source = sequences[i].contiguous();
            MemoryMarshal.Cast<byte, long>(source.bytes)[..lengths[i]].CopyTo(Longs(ids).Slice(start, lengths[i]));
            Longs(segments).Slice(start, lengths[i]).Fill(++counts[placements[i].Row]);
            Longs(mask).Slice(start, lengths[i]).Fill(1);
            var places = Longs(positions).Slice(start, lengths[i]);
            for (var k = 0; k < places.Length; k++)
            {
                places[k] = k;
            }
        }

        return new(StringComparer.Ordinal)
        {
            ["input_ids"] = ids,
            ["segment_ids"] = segments,
            ["position_ids"] = positions,
            ["attention_mask"] = mask,
        };
    }

    private static Span<long> Longs(Tensor tensor) => MemoryMarshal.Cast<byte, long>(tensor.bytes);
}
