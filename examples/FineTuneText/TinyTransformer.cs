// SPDX-License-Identifier: MIT

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FineTuneText;

/// <summary>A language model of two transformer blocks. It takes packed rows: a token sees those before it in its own text alone.</summary>
internal sealed class TinyTransformer : Module<Tensor, Tensor, Tensor, Tensor>
{
    private const int Width = 32;

    private readonly Embedding _tokens;
    private readonly Embedding _positions;
    private readonly TransformerBlock _first;
    private readonly TransformerBlock _second;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    public TinyTransformer(int vocabularySize, int rowLength)
        : base(nameof(TinyTransformer))
    {
        _tokens = Embedding(vocabularySize, Width);
        _positions = Embedding(rowLength, Width);
        _first = new TransformerBlock(Width);
        _second = new TransformerBlock(Width);
        _norm = LayerNorm(Width);
        _head = Linear(Width, vocabularySize);
        RegisterComponents();
    }

    /// <summary>Predicts the next token of every position.</summary>
    /// <param name="ids">The tokens, [rows, length].</param>
    /// <param name="segments">The number of each token's text within the row, [rows, length].</param>
    /// <param name="places">The place of each token within its text, [rows, length].</param>
    /// <returns>The scores, [rows, length, vocabulary].</returns>
    public override Tensor forward(Tensor ids, Tensor segments, Tensor places)
    {
        var length = ids.shape[1];
        var earlier = ones(length, length, dtype: ScalarType.Bool).tril();
        var visible = segments.unsqueeze(1).eq(segments.unsqueeze(2)).logical_and(earlier);
        var x = _tokens.forward(ids) + _positions.forward(places);
        x = _second.forward(_first.forward(x, visible), visible);
        return _head.forward(_norm.forward(x));
    }
}
