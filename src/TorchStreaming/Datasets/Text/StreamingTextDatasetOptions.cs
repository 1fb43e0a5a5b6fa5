// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>What a <see cref="StreamingC4"/> or <see cref="StreamingPile"/> reads, and how its texts become tokens.</summary>
public sealed record StreamingTextDatasetOptions : NamedDatasetOptions
{
    /// <summary>Gets what makes tokens of texts.</summary>
    /// <remarks>Mirrors <c>tokenizer_name</c>, a name that Hugging Face knows; here it is code.</remarks>
    public required TextTokenizer Tokenizer { get; init; }

    /// <summary>Gets how many tokens every sample has, at least 1.</summary>
    /// <remarks>Mirrors <c>max_seq_len</c>.</remarks>
    public required int MaxSeqLen { get; init; }

    /// <summary>Gets what to do with texts that are too long.</summary>
    /// <value>The default is <c>truncate</c>, which is all that upstream knows: the tokens in excess are dropped.</value>
    /// <remarks>Mirrors <c>group_method</c>.</remarks>
    public string GroupMethod { get; init; } = "truncate";

    /// <summary>Gets the token that texts that are too short are padded with.</summary>
    /// <value>The default is 0. MosaicML Streaming takes the tokenizer's padding token, or its end-of-text token where it has none.</value>
    public int PaddingToken { get; init; }
}
