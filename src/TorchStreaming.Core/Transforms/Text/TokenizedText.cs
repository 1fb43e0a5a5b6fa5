// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A text column that becomes token ids of one length, cut or padded, and a mask that tells tokens from padding.</summary>
/// <remarks>The batch has <c>input_ids</c>, 64-bit integers of shape [length], and <c>attention_mask</c>, 64-bit integers of the same
/// shape, 1 for tokens and 0 for padding. Reads the MDS encoding <c>str</c> and text columns of other formats. Immutable and thread-safe
/// as far as the tokenizer is. Mirrors a Hugging Face tokenizer with <c>truncation=True, padding='max_length'</c>.</remarks>
public sealed class TokenizedText : SampleTransform
{
    /// <summary>The name of the tokens in the batch.</summary>
    public const string InputIds = "input_ids";

    /// <summary>The name of the mask in the batch.</summary>
    public const string AttentionMask = "attention_mask";

    private readonly string _source;
    private readonly TextTokenizer _tokenizer;
    private readonly int _length;
    private readonly int _padding;

    /// <summary>Creates the transform.</summary>
    /// <param name="source">The sample's column.</param>
    /// <param name="tokenizer">Makes tokens of texts.</param>
    /// <param name="length">How many tokens every row has, at least 1.</param>
    /// <param name="paddingToken">What short rows are filled up with.</param>
    /// <exception cref="ArgumentException">The column's name is empty, or the length below 1.</exception>
    public TokenizedText(string source, TextTokenizer tokenizer, int length, int paddingToken = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _source = source;
        _tokenizer = tokenizer;
        _length = length;
        _padding = paddingToken;
        Columns =
        [
            BatchColumn.Dense(InputIds, ElementType.Int64, length), BatchColumn.Dense(AttentionMask, ElementType.Int64, length),
        ];
    }

    /// <inheritdoc/>
    public override ImmutableArray<BatchColumn> Columns { get; }

    /// <inheritdoc/>
    public override void Validate(ShardSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var column = ColumnSet.Find(schema, _source);
        if (schema.Format == ShardFormats.Mds && column.Encoding != "str")
        {
            throw new ArgumentException($"Column '{_source}' has encoding '{column.Encoding}'; texts have encoding 'str'.");
        }
    }

    /// <inheritdoc/>
    internal override SampleTransformWorker CreateWorker() => new Worker(this);

    private sealed class Worker(TokenizedText owner) : SampleTransformWorker
    {
        public override void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row)
        {
            var text = Encoding.UTF8.GetString(sample[sample.Schema.IndexOf(owner._source)]);
            var tokens = Tokenize(text);
            var count = Math.Min(tokens.Count, owner._length);
            var ids = MemoryMarshal.Cast<byte, long>(slot.GetRow(0, row));
            for (var i = 0; i < count; i++)
            {
                ids[i] = tokens[i];
            }

            ids[count..].Fill(owner._padding);
            var mask = MemoryMarshal.Cast<byte, long>(slot.GetRow(1, row));
            mask[..count].Fill(1);
            mask[count..].Clear();
        }

        private IReadOnlyList<int> Tokenize(string text)
        {
            try
            {
                return owner._tokenizer(text, owner._length)
                    ?? throw new InvalidOperationException("The tokenizer returned null.");
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
            {
                throw new ColumnException(owner._source, $"The tokenizer failed: {exception.Message}", exception);
            }
        }
    }
}
