// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>A sample was read but could not be decoded or transformed.</summary>
public sealed class SampleDecodeException : TorchStreamingException
{
    /// <summary>Creates the exception; the place is put in front of <paramref name="problem"/>.</summary>
    /// <param name="location">The shard, sample and column.</param>
    /// <param name="sampleId">The sample's number in the dataset, or -1 when it is not known.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="innerException">The cause, if another exception is the cause.</param>
    public SampleDecodeException(ShardLocation location, long sampleId, string problem, Exception? innerException = null)
        : base(sampleId < 0 ? $"{location}: {problem}" : $"Sample {sampleId} ({location}): {problem}", innerException)
    {
        Location = location;
        SampleId = sampleId;
        Problem = problem;
    }

    /// <summary>Gets the shard, sample and column.</summary>
    public ShardLocation Location { get; }

    /// <summary>Gets the sample's number in the dataset, or -1 when it is not known.</summary>
    public long SampleId { get; }

    /// <summary>Gets what is wrong, without the place.</summary>
    public string Problem { get; }
}
