// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>A shard file has the wrong size or the wrong hash.</summary>
public sealed class ShardIntegrityException : ShardFormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="location">The file.</param>
    /// <param name="check">What was compared: <c>size</c>, or the name of a hash.</param>
    /// <param name="expected">What the index says.</param>
    /// <param name="actual">What the file has.</param>
    public ShardIntegrityException(ShardLocation location, string check, string expected, string actual)
        : base(location, $"its {check} is {actual} but the index says {expected}. The file is damaged or its index belongs to another upload.")
    {
        Check = check;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>Gets what was compared: <c>size</c>, or the name of a hash.</summary>
    public string Check { get; }

    /// <summary>Gets what the index says.</summary>
    public string Expected { get; }

    /// <summary>Gets what the file has.</summary>
    public string Actual { get; }
}
