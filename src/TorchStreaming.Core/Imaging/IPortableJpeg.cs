// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>What encodes JPEG where the machine has no libturbojpeg. Thread-safe.</summary>
internal interface IPortableJpeg
{
    /// <summary>Gets whether it can; asked when an encoder is wanted, not before.</summary>
    bool IsAvailable { get; }

    /// <summary>Makes an encoding.</summary>
    IJpegEncoding CreateEncoding(int quality, JpegSubsampling subsampling);
}
