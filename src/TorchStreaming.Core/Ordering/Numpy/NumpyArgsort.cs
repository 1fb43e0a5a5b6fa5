// SPDX-License-Identifier: MIT

using System.Numerics;

namespace TorchStreaming.Ordering;

/// <summary>Finds the order of values as NumPy's default <c>argsort</c> does without vector instructions, down to what it does with equal
/// values.</summary>
/// <remarks>An introsort: quicksort around the median of three, insertion sort for short runs, heap sort when it goes too deep. Only equal
/// values make the steps visible, and in our use only the shares of a batch do (<c>batching_method="stratified"</c>).</remarks>
internal static class NumpyArgsort
{
    private const int ShortRun = 15;

    public static int[] Of(ReadOnlySpan<double> values)
    {
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (order.Length > 1)
        {
            Sort(values, order);
        }

        return order;
    }

    private static void Sort(ReadOnlySpan<double> values, int[] order)
    {
        var depthLimit = 2 * BitOperations.Log2((uint)order.Length);
        var waiting = new Stack<(int Left, int Right, int Depth)>();
        waiting.Push((0, order.Length - 1, depthLimit));
        while (waiting.TryPop(out var range))
        {
            var (left, right, depth) = range;
            while (depth >= 0 && right - left > ShortRun)
            {
                var pivot = Split(values, order, left, right);
                depth--;
                // The longer side waits.
                if (pivot - left < right - pivot)
                {
                    waiting.Push((pivot + 1, right, depth));
                    right = pivot - 1;
                }
                else
                {
                    waiting.Push((left, pivot - 1, depth));
                    left = pivot + 1;
                }
            }

            if (right - left > ShortRun)
            {
                HeapSort(values, order.AsSpan(left, right - left + 1));
            }
            else
            {
                InsertionSort(values, order, left, right);
            }
        }
    }

    private static int Split(ReadOnlySpan<double> values, int[] order, int left, int right)
    {
        var middle = left + ((right - left) >> 1);
        SwapIfLess(values, order, middle, left);
        SwapIfLess(values, order, right, middle);
        SwapIfLess(values, order, middle, left);
        var pivot = values[order[middle]];
        var (low, high) = (left, right - 1);
        Swap(order, middle, high);
        while (true)
        {
            do
            {
                low++;
            }
            while (values[order[low]] < pivot);
            do
            {
                high--;
            }
            while (pivot < values[order[high]]);
            if (low >= high)
            {
                break;
            }

            Swap(order, low, high);
        }

        Swap(order, low, right - 1);
        return low;
    }

    private static void InsertionSort(ReadOnlySpan<double> values, int[] order, int left, int right)
    {
        for (var i = left + 1; i <= right; i++)
        {
            var index = order[i];
            var j = i;
            for (; j > left && values[index] < values[order[j - 1]]; j--)
            {
                order[j] = order[j - 1];
            }

            order[j] = index;
        }
    }

    private static void HeapSort(ReadOnlySpan<double> values, Span<int> order)
    {
        for (var root = (order.Length / 2) - 1; root >= 0; root--)
        {
            SiftDown(values, order, root, order.Length);
        }

        for (var end = order.Length - 1; end > 0; end--)
        {
            (order[0], order[end]) = (order[end], order[0]);
            SiftDown(values, order, 0, end);
        }
    }

    private static void SiftDown(ReadOnlySpan<double> values, Span<int> order, int root, int end)
    {
        var index = order[root];
        for (var child = (2 * root) + 1; child < end; child = (2 * root) + 1)
        {
            if (child + 1 < end && values[order[child]] < values[order[child + 1]])
            {
                child++;
            }

            if (values[index] >= values[order[child]])
            {
                break;
            }

            order[root] = order[child];
            root = child;
        }

        order[root] = index;
    }

    private static void SwapIfLess(ReadOnlySpan<double> values, int[] order, int first, int second)
    {
        if (values[order[first]] < values[order[second]])
        {
            Swap(order, first, second);
        }
    }

    private static void Swap(int[] order, int first, int second) => (order[first], order[second]) = (order[second], order[first]);
}
