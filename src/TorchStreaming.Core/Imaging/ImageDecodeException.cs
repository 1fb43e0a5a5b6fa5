// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>An image cannot be decoded: it is truncated, damaged, too large, or of a format that no decoder at hand reads.</summary>
/// <remarks>Thrown by decoders, which see bytes and no place; the loader wraps it in a <see cref="SampleDecodeException"/> that names the
/// shard, the sample and the column.</remarks>
public sealed class ImageDecodeException : TorchStreamingException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong with the image and what to try next.</param>
    /// <param name="innerException">The cause, if another exception is the cause.</param>
    public ImageDecodeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
