// SPDX-License-Identifier: MIT

namespace TorchStreaming.Loading;

/// <summary>Puts the place in front of what went wrong with a sample.</summary>
internal static class SampleErrors
{
    /// <summary>Names data set, shard, sample and column, as far as the failure says which column it was.</summary>
    public static SampleDecodeException AddPlace(Exception exception, string shard, int index, long sampleId)
    {
        var (inner, problem) = exception switch
        {
            SampleDecodeException decode => (decode.Location, decode.Message),
            ShardFormatException format => (format.Location, format.Message),
            _ => (null, exception.Message),
        };

        var place = new ShardLocation(shard, inner?.Offset, index, inner?.Column);
        return new SampleDecodeException(place, sampleId, problem, exception);
    }
}
