// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A column of a sample cannot be decoded or transformed. Thrown by transform workers, which do not know the place; the loader
/// turns it into a <see cref="SampleDecodeException"/> with shard, sample and <see cref="Column"/>.</summary>
internal sealed class ColumnException : TorchStreamingException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="column">The sample's column.</param>
    /// <param name="message">What is wrong, without the place.</param>
    /// <param name="innerException">The cause, if another exception is the cause.</param>
    public ColumnException(string column, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Column = column;
    }

    /// <summary>Gets the sample's column.</summary>
    public string Column { get; }
}
