// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>How a partition reads: within every canonical node forwards, except for a few steps back where samples are repeated to fill up
/// ranks.</summary>
/// <param name="FirstColumn">No canonical node is read before this place, counted from the node's first position.</param>
/// <param name="Lookback">How many places behind the furthest one a read may be.</param>
internal readonly record struct ReadWindow(long FirstColumn, int Lookback);
