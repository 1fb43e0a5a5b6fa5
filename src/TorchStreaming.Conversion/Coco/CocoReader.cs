// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using TorchStreaming.Imaging;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Reads images of COCO and encodes them with their boxes. One thread at a time.</summary>
internal sealed class CocoReader(CocoFolder source) : RawReader
{
    private static readonly FieldEncoding<NdArrayView> Sizes = FieldEncodings.Get<NdArrayView>("ndarray:float32");
    private static readonly FieldEncoding<NdArrayView> Labels = FieldEncodings.Get<NdArrayView>("ndarray:int64");

    private readonly CheckedImageFile _file = new(ImageFormat.Jpeg);
    private readonly ArrayBufferWriter<byte> _sizes = new();
    private readonly ArrayBufferWriter<byte> _labels = new();
    private readonly byte[] _numbers = new byte[3 * sizeof(long)];

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var image = source.Annotations.Images[item.Number];
        if (FindProblem(image) is { } annotationProblem)
        {
            return RawSample.Refuse(new RefusedItem(
                source.AnnotationsPath,
                Path.GetFileName(source.AnnotationsPath),
                annotationProblem,
                string.Create(CultureInfo.InvariantCulture, $"image {image.Id}")));
        }

        var file = source.FileOf(item.Number);
        var path = file.In(source.Location);
        var problem = file.Bytes < 0
            ? string.Create(CultureInfo.InvariantCulture, $"There is no such file, but the annotations list it as image {image.Id}.")
            : _file.Read(path, file.Bytes);
        if (problem is not null)
        {
            return RawSample.Refuse(new RefusedItem(path, file.Path, problem));
        }

        EncodeBoxes(image);
        return RawSample.Pack(
            source.Columns, _labels.WrittenMemory, _sizes.WrittenMemory, Number(0, image.Height), _file.Content,
            Number(1, image.Id), Number(2, image.Width));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _file.Dispose();
        base.Dispose();
    }

    private static string? FindProblem(CocoImage image) =>
        image.Height < 1 || image.Width < 1
            ? string.Create(CultureInfo.InvariantCulture, $"The image is said to have {image.Width} x {image.Height} pixels.")
            : image.Boxes.Select(box => box.FindProblem(image)).FirstOrDefault(static problem => problem is not null);

    private void EncodeBoxes(CocoImage image)
    {
        var sizes = new float[4 * image.Boxes.Count];
        var labels = new long[image.Boxes.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            // In double precision to the end, as Python does it.
            var box = image.Boxes[i];
            sizes[4 * i] = (float)(box.Left / image.Width);
            sizes[(4 * i) + 1] = (float)(box.Top / image.Height);
            sizes[(4 * i) + 2] = (float)((box.Left + box.Width) / image.Width);
            sizes[(4 * i) + 3] = (float)((box.Top + box.Height) / image.Height);
            labels[i] = source.Annotations.LabelOf(box.Category);
        }

        _sizes.ResetWrittenCount();
        _labels.ResetWrittenCount();
        Sizes.Write(new NdArrayView(NdArrayDType.Float32, [labels.Length, 4], MemoryMarshal.AsBytes(sizes.AsSpan())), _sizes);
        Labels.Write(new NdArrayView(NdArrayDType.Int64, [labels.Length], MemoryMarshal.AsBytes(labels.AsSpan())), _labels);
    }

    private ReadOnlyMemory<byte> Number(int place, long value)
    {
        var bytes = _numbers.AsMemory(place * sizeof(long), sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.Span, value);
        return bytes;
    }
}
