// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A column of encoded images, decoded and transformed straight into the batch. Reads the MDS encodings <c>jpeg</c>, <c>png</c>,
/// <c>pil</c> and <c>bytes</c>, and any column of another format whose values are image files.</summary>
public sealed class ImageColumn : ColumnTransform
{
    /// <summary>Creates the column.</summary>
    /// <param name="source">The sample's column.</param>
    /// <param name="transform">The transform applied to the images.</param>
    /// <param name="name">The name in the batch; <see langword="null"/> for <paramref name="source"/>.</param>
    /// <param name="layout"><see cref="ColumnLayout.Dense"/>, or <see cref="ColumnLayout.List"/> for images that keep their sizes.</param>
    /// <exception cref="ArgumentException">The layout is dense but the transform does not fix the size, or the layout is another
    /// one.</exception>
    public ImageColumn(string source, ImageTransform transform, string? name = null, ColumnLayout layout = ColumnLayout.Dense)
        : base(source, Describe(transform, name ?? source, layout))
    {
        Transform = transform;
    }

    /// <summary>Gets the transform applied to the images.</summary>
    public ImageTransform Transform { get; }

    /// <summary>Gets the decoders.</summary>
    /// <value>The default is <see cref="ImageDecoders.Default"/> as it is when a worker is made.</value>
    public ImageDecoders? Decoders { get; init; }

    /// <summary>Gets the limits that decoders obey.</summary>
    /// <value>The default is <see cref="ImageDecoderOptions.Default"/>.</value>
    public ImageDecoderOptions DecoderOptions { get; init; } = ImageDecoderOptions.Default;

    /// <inheritdoc/>
    /// <exception cref="ImageDecodeException">No decoder for the encoding was found; the message says what to install.</exception>
    public override void Validate(string format, ShardColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (format != "mds")
        {
            return;
        }

        var image = column.Encoding switch
        {
            "jpeg" => ImageFormat.Jpeg,
            "png" => ImageFormat.Png,
            "pil" => ImageFormat.Raw,
            "bytes" => ImageFormat.Unknown,
            _ => throw new ArgumentException(
                $"Column '{column.Name}' has encoding '{column.Encoding}'. An image column reads 'jpeg', 'png', 'pil' or 'bytes'."),
        };
        if (image is ImageFormat.Jpeg or ImageFormat.Png && !(Decoders ?? ImageDecoders.Default).CanDecode(image))
        {
            throw ImageDecoders.Undecodable(image, []);
        }
    }

    /// <inheritdoc/>
    internal override ColumnWorker CreateWorker(ShardColumn column) =>
        new Worker(new ImageTransformWorker(Transform, Decoders, DecoderOptions), Column.Layout);

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()} by {Transform}";

    private static BatchColumn Describe(ImageTransform transform, string name, ColumnLayout layout)
    {
        ArgumentNullException.ThrowIfNull(transform);
        if (layout == ColumnLayout.Padded)
        {
            throw new ArgumentException("An image column is dense or a list.", nameof(layout));
        }

        if (layout == ColumnLayout.Dense && (transform.OutputHeight is null || transform.OutputWidth is null))
        {
            throw new ArgumentException(
                "A dense column needs images of one size. Add CenterCrop, RandomResizedCrop or Resize(height, width) to the transform, "
                + "or use ColumnLayout.List.",
                nameof(transform));
        }

        return new BatchColumn(name, transform.Type, layout, transform.Shape);
    }

    private sealed class Worker(ImageTransformWorker images, ColumnLayout layout) : ColumnWorker
    {
        public override void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target)
        {
            var prepared = images.Prepare(value, context, target.Column);
            if (layout == ColumnLayout.Dense)
            {
                images.Render(value, prepared, target.GetDense());
                return;
            }

            Span<long> shape = stackalloc long[3];
            prepared.CopyShape(shape);
            images.Render(value, prepared, target.Allocate(shape));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                images.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
