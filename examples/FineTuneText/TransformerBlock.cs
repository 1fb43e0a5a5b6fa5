// SPDX-License-Identifier: MIT

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FineTuneText;

/// <summary>Attention and a small network, each behind a norm and beside a shortcut.</summary>
internal sealed class TransformerBlock : Module<Tensor, Tensor, Tensor>
{
    private const int Heads = 4;

    private readonly LayerNorm _norm1;
    private readonly Linear _project;
    private readonly Linear _merge;
    private readonly LayerNorm _norm2;
    private readonly Linear _widen;
    private readonly Linear _narrow;

    public TransformerBlock(int width)
        : base(nameof(TransformerBlock))
    {
        _norm1 = LayerNorm(width);
        _project = Linear(width, 3 * width);
        _merge = Linear(width, width);
        _norm2 = LayerNorm(width);
        _widen = Linear(width, 4 * width);
        _narrow = Linear(4 * width, width);
        RegisterComponents();
    }

    /// <summary>Runs the block.</summary>
    /// <param name="x">The activations, [rows, length, width].</param>
    /// <param name="visible">Which token sees which, [rows, length, length].</param>
    public override Tensor forward(Tensor x, Tensor visible)
    {
        x = x + Attend(_norm1.forward(x), visible);
        return x + _narrow.forward(functional.gelu(_widen.forward(_norm2.forward(x))));
    }

    private Tensor Attend(Tensor x, Tensor visible)
    {
        var (rows, length, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var parts = _project.forward(x).view(rows, length, 3, Heads, width / Heads).permute(2, 0, 3, 1, 4);
        var scores = parts[0].matmul(parts[1].transpose(-2, -1)) / Math.Sqrt((double)width / Heads);
        var weights = scores.masked_fill(visible.unsqueeze(1).logical_not(), double.NegativeInfinity).softmax(-1);
        return _merge.forward(weights.matmul(parts[2]).transpose(1, 2).reshape(rows, length, width));
    }
}
