// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class ColumnSetTests
{
    private static readonly ImageTransform Small = ImageTransform.RandomResizedCrop(8).ToDtype(ElementType.UInt8);

    [Fact]
    public void Transform_ImageAndLabel_FillTheRow()
    {
        var set = new ColumnSet(new ImageColumn("x", Small, name: "image"), new ScalarColumn("y"));
        var image = RawImage.EncodeRgb(TestImages.MakeRgb(20, 30), 20, 30);
        var sample = new EncodedSample(("y", "int", BitConverter.GetBytes(42L)), ("x", "pil", image));

        var slot = sample.Transform(set, row: 3);

        Assert.Equal(["image", "y"], set.Columns.Select(column => column.Name));
        Assert.Equal(3 * 8 * 8, slot.Bytes(0, 3).Length);
        Assert.Equal(42L, BitConverter.ToInt64(slot.Bytes(1, 3)));
    }

    [Fact]
    public void Transform_TwoImagesOfOneSample_DrawDifferentNumbers()
    {
        var set = new ColumnSet(new ImageColumn("x", Small, name: "a"), new ImageColumn("x", Small, name: "b"));
        var sample = new EncodedSample(("x", "pil", RawImage.EncodeRgb(TestImages.MakeRgb(20, 30), 20, 30)));

        var slot = sample.Transform(set);

        Assert.NotEqual(slot.Bytes(0, 0), slot.Bytes(1, 0));
    }

    [Fact]
    public void Transform_ListOfImages_KeepTheirSizes()
    {
        var set = new ColumnSet(
            new ImageColumn("x", ImageTransform.ToTensor, "first", ColumnLayout.List),
            new ImageColumn("x", ImageTransform.Resize(10).ChannelsLast(), "last", ColumnLayout.List));
        var sample = new EncodedSample(("x", "pil", RawImage.EncodeRgb(TestImages.MakeRgb(20, 30), 20, 30)));

        var slot = sample.Transform(set);

        Assert.Equal([3, 30, 20], slot.Shape(0, 0));
        Assert.Equal([15, 10, 3], slot.Shape(1, 0));
    }

    [Fact]
    public void Transform_BrokenValue_NamesTheColumn()
    {
        var set = new ColumnSet(new ScalarColumn("y"), new ImageColumn("x", Small));
        var sample = new EncodedSample(("x", "bytes", [1, 2, 3]), ("y", "int", new byte[8]));

        var exception = Assert.Throws<ColumnException>(() => sample.Transform(set));

        Assert.Equal("x", exception.Column);
        Assert.IsType<ImageDecodeException>(exception.InnerException);
    }

    [Fact]
    public void Transform_ThrowingDelegate_NamesTheColumn()
    {
        var set = new ColumnSet(new SpanColumn("y", BatchColumn.Dense("y", ElementType.UInt8), Throw));

        var exception = Assert.Throws<ColumnException>(() => new EncodedSample(("y", "int", new byte[8])).Transform(set));

        Assert.Equal(("y", "Broken on purpose."), (exception.Column, exception.Message));

        static void Throw(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target) =>
            throw new InvalidOperationException("Broken on purpose.");
    }

    [Fact]
    public void Transform_SchemaWithOtherOrderAndEncodings_IsBoundAnew()
    {
        var set = new ColumnSet(new ScalarColumn("y"));
        using var worker = set.CreateWorker();
        var slot = new MemoryBatchSlot(set);

        new EncodedSample(("y", "int", BitConverter.GetBytes(1L))).Transform(worker, slot, 0);
        new EncodedSample(("a", "int", new byte[8]), ("y", "uint16", [2, 1])).Transform(worker, slot, 1);

        Assert.Equal(1L, BitConverter.ToInt64(slot.Bytes(0, 0)));
        Assert.Equal(258L, BitConverter.ToInt64(slot.Bytes(0, 1)));
    }

    [Fact]
    public void Transform_SpanColumn_SeesValueAndContext()
    {
        var set = new ColumnSet(new SpanColumn("t", BatchColumn.Dense("t", ElementType.Int64, 2), Write));
        var sample = new EncodedSample(("t", "bytes", [1, 2, 3]));

        var slot = sample.Transform(set, context: new TransformContext(1, 2, 77));

        Assert.Equal([3L, 77L], MemoryMarshal.Cast<byte, long>(slot.Bytes(0, 0)).ToArray());

        static void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target)
        {
            var numbers = MemoryMarshal.Cast<byte, long>(target.GetDense());
            (numbers[0], numbers[1]) = (value.Length, context.SampleId);
        }
    }

    [Fact]
    public void Validate_MissingColumn_SaysWhichThereAre()
    {
        var schema = new ShardSchema("mds", [new ShardColumn("x", "jpeg", null), new ShardColumn("y", "int", 8)]);

        var exception = Assert.Throws<ArgumentException>(() => new ColumnSet(new ScalarColumn("label")).Validate(schema));

        Assert.Contains("'label'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'x' (jpeg), 'y' (int)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EncodingThatDoesNotFit_Throws()
    {
        var schema = new ShardSchema(
            "mds",
            [new ShardColumn("f", "float32", 4), new ShardColumn("s", "str", null), new ShardColumn("a", "ndarray:float32:2,3", 24)]);

        Assert.Throws<ArgumentException>(() => new ColumnSet(new ScalarColumn("f")).Validate(schema));
        Assert.Throws<ArgumentException>(() => new ColumnSet(new ScalarColumn("s")).Validate(schema));
        Assert.Throws<ArgumentException>(() => new ColumnSet(new ImageColumn("f", Small)).Validate(schema));
        Assert.Throws<ArgumentException>(() => new ColumnSet(new NdArrayColumn("a", ElementType.Int64, [2, 3])).Validate(schema));
        Assert.Throws<ArgumentException>(() => new ColumnSet(new NdArrayColumn("a", ElementType.Float32, [3, 2])).Validate(schema));
        Assert.Throws<ArgumentException>(() => new ColumnSet(new NdArrayColumn("s", ElementType.Float32, [3, 2])).Validate(schema));
        Assert.Throws<ArgumentException>(() => new ColumnSet(new BytesColumn("f", ColumnLayout.Dense, 3)).Validate(schema));
        new ColumnSet(new ScalarColumn("f", ElementType.Float64), new NdArrayColumn("a", ElementType.Float16, [2, 3])).Validate(schema);
    }

    [Fact]
    public void Validate_NoDecoderForTheEncoding_SaysWhatToInstall()
    {
        var schema = new ShardSchema("mds", [new ShardColumn("x", "jpeg", null)]);
        var set = new ColumnSet(new ImageColumn("x", Small) { Decoders = new ImageDecoders([]) });

        Assert.Contains("libturbojpeg0", Assert.Throws<ImageDecodeException>(() => set.Validate(schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructors_ImpossibleArguments_Throw()
    {
        Assert.Throws<ArgumentException>(() => new ColumnSet());
        Assert.Throws<ArgumentException>(() => new ColumnSet(new ScalarColumn("y"), new ScalarColumn("z", name: "y")));
        Assert.Throws<ArgumentException>(() => new ImageColumn("x", ImageTransform.Resize(256)));
        Assert.Throws<ArgumentException>(() => new ImageColumn("x", Small, layout: ColumnLayout.Padded));
        Assert.Throws<ArgumentException>(() => new BytesColumn("x", ColumnLayout.Dense));
        Assert.Throws<ArgumentException>(() => new NdArrayColumn("x", ElementType.Int64, [-1]));
        Assert.Throws<ArgumentException>(() => new NdArrayColumn("x", ElementType.Int64, [3, -1], ColumnLayout.Padded));
        Assert.Throws<ArgumentException>(() => new NdArrayColumn("x", ElementType.BFloat16, [3]));
        Assert.Throws<ArgumentException>(() => new ScalarColumn(""));
    }
}
