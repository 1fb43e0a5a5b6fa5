// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>The folder that <c>TORCHSTREAMING_GOLDEN</c> names lacks a recording. A <see cref="GoldenFactAttribute"/> is skipped for
/// it.</summary>
public sealed class MissingGoldenException : Exception
{
    /// <summary>Creates the exception.</summary>
    public MissingGoldenException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public MissingGoldenException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public MissingGoldenException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
