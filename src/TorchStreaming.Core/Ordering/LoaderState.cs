// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>Where a run is in its data: enough to continue from there in another process, on other machines, or in Python.</summary>
/// <remarks>Immutable and thread-safe. Mirrors the dictionary of <c>StreamingDataset.state_dict</c>.</remarks>
public sealed record LoaderState
{
    /// <summary>Gets the epoch, from 0; -1 in a state that was taken before the first epoch began.</summary>
    public required long Epoch { get; init; }

    /// <summary>Gets how many samples of the epoch all ranks together have had.</summary>
    public required long SampleInEpoch { get; init; }

    /// <summary>Gets the number of canonical nodes of the run.</summary>
    public required int NumCanonicalNodes { get; init; }

    /// <summary>Gets the shuffle seed of the run.</summary>
    public required ulong ShuffleSeed { get; init; }

    /// <summary>Gets the number of nodes that the epoch began on, or <see langword="null"/> when it is not known.</summary>
    public int? InitialPhysicalNodes { get; init; }

    /// <summary>Gets what the state was taken from, so that it is not loaded into something else; <see langword="null"/> in a state from
    /// upstream.</summary>
    internal OrderFingerprint? Fingerprint { get; init; }

    /// <summary>Reads a state from JSON, written by us or by upstream. Unknown keys are ignored.</summary>
    /// <param name="json">The JSON object.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ResumeException">The text is not JSON, a key is missing, or a value is out of its range.</exception>
    public static LoaderState Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return LoaderStateJson.Read(System.Text.Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Reads a state from UTF-8 JSON, written by us or by upstream. Unknown keys are ignored.</summary>
    /// <param name="utf8Json">The JSON object.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ResumeException">The text is not JSON, a key is missing, or a value is out of its range.</exception>
    public static LoaderState Parse(ReadOnlySpan<byte> utf8Json) => LoaderStateJson.Read(utf8Json);

    /// <summary>Writes the state as a JSON object with upstream's keys.</summary>
    /// <returns>The JSON text, short enough for the page of memory that upstream keeps it in.</returns>
    public string ToJson() => LoaderStateJson.Write(this);

    /// <inheritdoc/>
    public override string ToString()
    {
        var place = Epoch < 0
            ? "State from before the first epoch"
            : $"State: epoch {Epoch}, {Counted.Of(SampleInEpoch, "sample")} of it seen by all ranks together";
        return Fingerprint is { } data ? $"{place}; of {Counted.Of(data.Samples, "sample")} in {Counted.Of(data.Shards, "shard")}" : place;
    }
}
