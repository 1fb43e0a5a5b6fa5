// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>An index, shard or sample is not what its format promises.</summary>
public class ShardFormatException : TorchStreamingException
{
    /// <summary>Creates the exception; the place is put in front of <paramref name="problem"/>.</summary>
    /// <param name="location">Where the problem was found.</param>
    /// <param name="problem">What is wrong and what to try next.</param>
    /// <param name="innerException">The cause, if another exception is the cause.</param>
    public ShardFormatException(ShardLocation location, string problem, Exception? innerException = null)
        : base($"{location}: {problem}", innerException)
    {
        Location = location;
    }

    /// <summary>Gets where the problem was found.</summary>
    public ShardLocation Location { get; }
}
