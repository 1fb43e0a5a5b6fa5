// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>What the process answers to its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Everything was done.</summary>
    public const int Success = 0;

    /// <summary>It failed; one line on the standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>It was interrupted (128 + the number of SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>It was asked to end (128 + the number of SIGTERM).</summary>
    public const int Terminated = 143;
}
