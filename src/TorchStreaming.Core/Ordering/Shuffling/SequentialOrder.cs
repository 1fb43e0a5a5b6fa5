// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>An order in which one generator serves the canonical nodes one after another, so that a node's draws begin where the node
/// before ends.</summary>
/// <typeparam name="TStart">What must be remembered of a node to read it later.</typeparam>
internal abstract class SequentialOrder<TStart> : NodewiseOrder
{
    private readonly Lock _gate = new();
    private readonly List<TStart> _starts = [];

    /// <summary>Creates the order.</summary>
    protected SequentialOrder(ShuffleSettings settings, SampleUnits units)
        : base(settings, units)
    {
    }

    /// <inheritdoc/>
    protected sealed override NodeReader OpenNode(int node)
    {
        TStart start;
        lock (_gate)
        {
            while (_starts.Count <= node)
            {
                _starts.Add(PassNode(_starts.Count));
            }

            start = _starts[node];
        }

        return OpenNode(node, start);
    }

    /// <summary>Makes all of a node's draws without keeping what they give. Called once for each node, in their order, by one thread at a
    /// time.</summary>
    /// <returns>Where reading begins: the states of the generators shortly before the first column of the window.</returns>
    protected abstract TStart PassNode(int node);

    /// <summary>Opens a reader of a node that has been passed.</summary>
    protected abstract NodeReader OpenNode(int node, TStart start);
}
