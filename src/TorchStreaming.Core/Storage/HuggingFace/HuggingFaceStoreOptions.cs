// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>How a <see cref="HuggingFaceObjectStore"/> reaches its dataset. What is not set comes from the environment.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> never shows the token.</remarks>
public sealed record HuggingFaceStoreOptions
{
    /// <summary>Gets the hub's address.</summary>
    /// <value>The default is <see langword="null"/>: <c>HF_ENDPOINT</c>, else <c>https://huggingface.co</c>.</value>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets the access token, for private and gated datasets.</summary>
    /// <value>The default is <see langword="null"/>: <c>HF_TOKEN</c>, else the token that <c>hf auth login</c> stored
    /// (<c>HF_TOKEN_PATH</c>, <c>HF_HOME/token</c>, <c>~/.cache/huggingface/token</c>), else none. What the environment holds is sent only
    /// over https and to this machine.</value>
    public string? Token { get; init; }

    /// <summary>Gets whether no token is sent, whatever the environment holds.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Anonymous { get; init; }

    /// <summary>Renders the options without the token.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"HuggingFaceStoreOptions {{ Endpoint = {ObjectStoreLocation.WithoutSecrets(Endpoint?.OriginalString ?? "")}"
        + $", Anonymous = {Anonymous} }}";
}
