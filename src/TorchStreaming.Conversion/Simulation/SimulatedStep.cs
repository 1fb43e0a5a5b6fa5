// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A moment of a simulated run.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Start">When the step's data was there, from the start of the run.</param>
/// <param name="Waited">How long the devices waited for it.</param>
/// <param name="Downloaded">The bytes that had come to the simulated nodes.</param>
/// <param name="Held">The bytes in the fullest cache, those of shards in flight included.</param>
internal readonly record struct SimulatedStep(int Step, TimeSpan Start, TimeSpan Waited, long Downloaded, long Held);
