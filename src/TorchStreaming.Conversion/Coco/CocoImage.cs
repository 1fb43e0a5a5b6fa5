// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>An image of COCO's annotations.</summary>
/// <param name="Id">Its number.</param>
/// <param name="FileName">The name of its file.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Width">Its width in pixels.</param>
internal sealed record CocoImage(long Id, string FileName, long Height, long Width)
{
    /// <summary>Gets its boxes, in the order of the file.</summary>
    public List<CocoBox> Boxes { get; } = [];
}
