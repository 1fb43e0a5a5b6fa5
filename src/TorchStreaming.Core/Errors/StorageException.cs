// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>A store could not do what was asked.</summary>
public sealed class StorageException : TorchStreamingException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">Why the call failed.</param>
    /// <param name="location">The object or folder, free of secrets.</param>
    /// <param name="message">What failed, where, and what to try next.</param>
    /// <param name="innerException">The cause, if another exception is the cause.</param>
    public StorageException(StorageErrorKind kind, string location, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Location = location;
    }

    /// <summary>Gets why the call failed.</summary>
    public StorageErrorKind Kind { get; }

    /// <summary>Gets the object or folder concerned, free of secrets.</summary>
    public string Location { get; }

    /// <summary>Gets how long the store asked to wait before the next try, if it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <inheritdoc/>
    public override bool IsTransient => Kind is StorageErrorKind.Throttled or StorageErrorKind.Unavailable or StorageErrorKind.Timeout;
}
