// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>The reader of the standard output went away.</summary>
internal sealed class BrokenPipeException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="innerException">What the write failed with.</param>
    public BrokenPipeException(Exception innerException)
        : base("The reader of the standard output went away.", innerException)
    {
    }
}
