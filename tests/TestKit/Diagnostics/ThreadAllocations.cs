// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>Counts what work allocates on the thread that does it.</summary>
public static class ThreadAllocations
{
    private const int Runs = 5;

    /// <summary>Gets the fewest bytes that a run of the work allocates. What the work needs it needs in every run; what the runtime needs once,
    /// to compile a method again or to fill a pool that was trimmed, shows in some.</summary>
    /// <param name="work">The work; what it needs at first was done before.</param>
    public static long LeastOf(Action work)
    {
        var least = long.MaxValue;
        for (var run = 0; run < Runs && least > 0; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
