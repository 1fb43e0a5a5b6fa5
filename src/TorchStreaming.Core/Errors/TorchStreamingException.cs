// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>The base of every failure that TorchStreaming reports about data, storage or state. Wrong arguments are <see cref="ArgumentException"/>s instead.</summary>
public abstract class TorchStreamingException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, where, and what to try next.</param>
    /// <param name="innerException">The cause, if another exception is the cause.</param>
    protected TorchStreamingException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Gets whether the same call may succeed later without any change.</summary>
    public virtual bool IsTransient => false;
}
