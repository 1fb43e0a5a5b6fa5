// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace TorchStreaming.Storage;

/// <summary>What a store that is opened by its location is given besides.</summary>
public sealed record ObjectStoreOptions
{
    /// <summary>Gets the options of HTTP stores.</summary>
    /// <value>The default takes credentials from the environment (<see cref="HttpCredential.FromEnvironment"/>).</value>
    public HttpObjectStoreOptions Http { get; init; } = new();

    /// <summary>Gets the options of <c>hf://</c> stores.</summary>
    /// <value>The default takes everything from the environment.</value>
    public HuggingFaceStoreOptions HuggingFace { get; init; } = new();

    /// <summary>Gets where the store logs to.</summary>
    /// <value>The default is <see langword="null"/>: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Gets the clock.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
