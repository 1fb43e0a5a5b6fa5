// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>An item that becomes no sample.</summary>
/// <param name="File">The full path of its file.</param>
/// <param name="Name">What it is called in the result: its path below the source, and its place in there.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Place">The place in the file, for example <c>line 7</c>; empty for a whole file.</param>
internal sealed record RefusedItem(string File, string Name, string Problem, string Place = "")
{
    /// <summary>Creates the exception of a conversion that is not to leave anything out.</summary>
    public SampleDecodeException ToException() => new(
        new ShardLocation(File),
        -1,
        $"{(Place.Length == 0 ? "" : $"{Place}: ")}{Problem} Repair or remove it, or leave such items out (skip on error).");

    /// <summary>Creates the trace in the result of a conversion that leaves such items out.</summary>
    public DatasetProblem ToSkipped() => new(Place.Length == 0 ? Name : $"{Name}, {Place}", null, null, Problem);
}
