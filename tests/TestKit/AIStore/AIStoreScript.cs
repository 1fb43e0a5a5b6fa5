// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>A fault and which requests it concerns.</summary>
internal sealed class AIStoreScript(Func<AIStoreRequest, bool> match, AIStoreFault fault)
{
    public Func<AIStoreRequest, bool> Match => match;

    public AIStoreFault Fault => fault;

    public int Skip { get; set; }

    public int Times { get; set; }
}
