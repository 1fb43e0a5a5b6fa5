// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A column of label maps: images whose values are classes, one per pixel, as <see cref="ElementType.UInt8"/> of shape
/// [height, width]. Reads what <see cref="ImageColumn"/> reads; of PNG images with a palette, the places in the palette.</summary>
/// <remarks>Of the transform only the geometry applies, and pixels are never mixed: resampling is
/// <see cref="ImageInterpolation.Nearest"/>, so that labels stay labels. What a crop adds outside the map is label 0. With the same
/// transform and place as its image, a map is cropped and mirrored exactly as the image is.</remarks>
public sealed class LabelMapColumn : ColumnTransform
{
    private readonly ImageTransform _geometry;
    private readonly int _place;

    /// <summary>Creates the column.</summary>
    /// <param name="source">The sample's column.</param>
    /// <param name="transform">Whose geometric steps the maps go through; <see langword="null"/> for none.</param>
    /// <param name="alignedWith">The place in the batch of the image column whose random numbers the steps use.</param>
    /// <param name="name">The name in the batch; <see langword="null"/> for <paramref name="source"/>.</param>
    /// <remarks>The column is dense when the transform fixes the size, otherwise a list.</remarks>
    public LabelMapColumn(string source, ImageTransform? transform = null, int alignedWith = 0, string? name = null)
        : base(source, Describe((transform ?? ImageTransform.ToTensor).GetGeometry(), name ?? source))
    {
        _geometry = (transform ?? ImageTransform.ToTensor).GetGeometry()
            .ResampleWith(ImageInterpolation.Nearest).ToDtype(ElementType.UInt8);
        _place = alignedWith;
    }

    /// <summary>Gets the decoders.</summary>
    /// <value>The default is <see cref="ImageDecoders.Default"/> as it is when a worker is made.</value>
    public ImageDecoders? Decoders { get; init; }

    /// <summary>Gets the limits that decoders obey.</summary>
    /// <value>The default is <see cref="ImageDecoderOptions.Default"/>.</value>
    public ImageDecoderOptions DecoderOptions { get; init; } = ImageDecoderOptions.Default;

    /// <inheritdoc/>
    public override void Validate(string format, ShardColumn column) =>
        new ImageColumn(Source, _geometry, layout: ColumnLayout.List) { Decoders = Decoders }.Validate(format, column);

    /// <inheritdoc/>
    internal override ColumnWorker CreateWorker(ShardColumn column) =>
        new Worker(
            new ImageTransformWorker(_geometry, Decoders, DecoderOptions with { KeepsPaletteIndices = true }), Column.Layout, _place);

    private static BatchColumn Describe(ImageTransform geometry, string name) =>
        geometry.OutputHeight is { } height && geometry.OutputWidth is { } width
            ? BatchColumn.Dense(name, ElementType.UInt8, height, width)
            : new BatchColumn(name, ElementType.UInt8, ColumnLayout.List, [-1, -1]);

    private sealed class Worker(ImageTransformWorker images, ColumnLayout layout, int place) : ColumnWorker
    {
        private readonly ScratchBuffer _planes = new();

        public override void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target)
        {
            var prepared = images.Prepare(value, context, place);
            var plane = checked(prepared.Width * prepared.Height);
            var planes = _planes.Get(3L * plane);
            images.Render(value, prepared, planes);
            var destination = layout == ColumnLayout.Dense ? target.GetDense() : target.Allocate([prepared.Height, prepared.Width]);
            planes[..plane].CopyTo(destination);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                images.Dispose();
                _planes.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
