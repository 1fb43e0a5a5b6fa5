// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Puts the place in front of what went wrong with a sample.</summary>
internal static class SampleErrors
{
    /// <summary>Names dataset, shard, sample and column, as far as the failure says which column it was.</summary>
    public static SampleDecodeException AddPlace(Exception exception, string shard, int index, long sampleId)
    {
        var (column, offset) = exception switch
        {
            ColumnException inner => (inner.Column, null),
            SampleDecodeException inner => (inner.Location.Column, inner.Location.Offset),
            ShardFormatException inner => (inner.Location.Column, inner.Location.Offset),
            _ => (default(string), default(long?)),
        };

        return new SampleDecodeException(new ShardLocation(shard, offset, index, column), sampleId, exception.Message, exception);
    }
}
