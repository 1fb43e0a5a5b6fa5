// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>A saved state does not fit the dataset, its options or the world it is loaded into.</summary>
public sealed class ResumeException : TorchStreamingException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What does not fit, with both values, and what to try next.</param>
    /// <param name="innerException">The cause, if another exception is the cause.</param>
    public ResumeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
