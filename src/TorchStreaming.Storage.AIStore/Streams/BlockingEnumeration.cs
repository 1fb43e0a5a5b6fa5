// SPDX-License-Identifier: MIT

namespace TorchStreaming.Streams;

/// <summary>The bridge from asynchronous reads to training loops, which are synchronous: the caller's thread waits.</summary>
internal static class BlockingEnumeration
{
    public static IEnumerable<T> Of<T>(IAsyncEnumerable<T> items)
    {
        var enumerator = items.GetAsyncEnumerator();
        try
        {
            while (enumerator.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            {
                yield return enumerator.Current;
            }
        }
        finally
        {
            enumerator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
