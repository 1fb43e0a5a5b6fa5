// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Reads the shuffled samples of an epoch by position. Not thread-safe.</summary>
internal abstract class ShuffleReader
{
    /// <summary>Gets the sample id that the shuffle puts at a position.</summary>
    /// <param name="position">The position, within the <see cref="ReadWindow"/> that the reader was made for.</param>
    public abstract long Read(long position);
}
