// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Turns a text into token ids.</summary>
/// <param name="text">The text.</param>
/// <param name="maximumLength">How many tokens are used; further ones are cut off. A tokenizer that ends texts with a special token keeps
/// to it.</param>
/// <returns>The tokens.</returns>
/// <remarks>Several threads call it at a time. With Microsoft.ML.Tokenizers: <c>(text, length) =&gt; tokenizer.EncodeToIds(text, length,
/// out _, out _)</c>.</remarks>
public delegate IReadOnlyList<int> TextTokenizer(string text, int maximumLength);
