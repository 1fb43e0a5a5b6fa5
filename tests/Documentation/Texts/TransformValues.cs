// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Transforms, columns and single values.</summary>
internal static class TransformValues
{
    public static void AddTo(PrintedTable table)
    {
        AddImageTransforms(table);
        AddColumns(table);
        AddSingleValues(table);
    }

    private static void AddImageTransforms(PrintedTable table)
    {
        var chain = table.Add(
            ImageTransform.RandomResizedCrop(40).RandomHorizontalFlip().ColorJitter(0.4).Normalize(ImageNet.Mean, ImageNet.Std),
            "RandomResizedCrop(40).RandomHorizontalFlip(0.5).ColorJitter.Normalize to Float32 3×40×40");
        table.Add(ImageTransform.ToTensor, "ToTensor to Float32 3×?×?");
        table.Add(
            ImageTransform.Resize(256).CenterCrop(224).RandomVerticalFlip(0.25).ToDtype(ElementType.UInt8).ChannelsLast(),
            "Resize(256).CenterCrop(224, 224).RandomVerticalFlip(0.25) to UInt8 224×224×3");
        table.Add(ImageTransform.Resize(8, 9).RandomCrop(8, 1).RandomErasing(), "Resize(8, 9).RandomCrop(8, 1).RandomErasing to Float32 3×8×8");
        table.Add(new ImageColumn("image", chain, "x"), $"image → x Float32 3×40×40 by {chain}");
        table.Add(ImageDecoders.Default, $"Decoders of {string.Join(", ", Enum.GetValues<ImageFormat>().Where(ImageDecoders.Default.CanDecode))}");
    }

    private static void AddColumns(PrintedTable table)
    {
        table.Add(BatchColumn.Dense("x", ElementType.Float32, 3, 40, 40), "x Float32 3×40×40");
        table.Add(new BatchColumn("ids", ElementType.Int64, ColumnLayout.Padded, [-1]), "ids Int64 ?, padded");
        table.Add(new BatchColumn("ids", ElementType.Int64, ColumnLayout.Padded, [-1]) { PadToLength = 128 }, "ids Int64 ?, padded to 128");
        table.Add(new BytesColumn("file"), "file UInt8 ?, a list");
        table.Add(new ScalarColumn("label"), "label Int64");
        table.Add(new ScalarColumn("label", name: "y"), "label → y Int64");
        table.Add(new NdArrayColumn("values", ElementType.Float32, [3]), "values Float32 3");
        table.Add(new OneHotColumn("label", 10, name: "y"), "label → y Float32 10");
        table.Add(new LabelMapColumn("map", ImageTransform.CenterCrop(8)), "map UInt8 8×8");
        table.Add(new SpanColumn("raw", BatchColumn.Dense("n", ElementType.UInt8), static (_, in _, in _) => { }), "raw → n UInt8");
        table.Add(new TokenizedText("text", static (_, _) => [1], 16), "input_ids Int64 16, attention_mask Int64 16");
        table.Add(
            new MaskedLanguageSample(),
            "input_ids Int32 ?, padded, token_type_ids Int32 ?, padded, attention_mask Int32 ?, padded, labels Int64 ?, padded");
        var columns = table.Add(new ColumnSet(new ScalarColumn("id"), new ScalarColumn("label", name: "y")), "id Int64, label → y Int64");
        table.Add(new CombinedTransform(columns, new ColumnSet(new ScalarColumn("n"))), "id Int64, label → y Int64, n Int64");
    }

    private static void AddSingleValues(PrintedTable table)
    {
        var array = table.Add(NdArray.Create<float>(new float[6], 2, 3), "ndarray of float32, 2×3");
        table.Add(typeof(NdArrayView), array.AsView().ToString(), "ndarray of float32, 2×3");
        table.Add(new NdArray(NdArrayDType.Int64, [], new byte[8]), "ndarray of int64, one value");
        table.Add(new PilImage(4, 2, "RGB", new byte[24]), "PIL image of mode RGB, 4×2");
        table.Add(new ContactSheet(3, 8, 6), "Sheet of 3 images of 8×6 pixels");
        table.Add(new ShardSchema("mds", [new("id", "int", 8), new("text", "str", null)]), "mds: id int, text str");
        table.Add(ByteSize.MiB(64), "64 MiB");
        table.Add(SampleCount.Parse("2k"), "2000");
        table.Add(BigDecimal.Parse("1.50"), "1.50");
        table.Add(new ShardLocation("shard.00017.mds", Sample: 412, Column: "image"), "'shard.00017.mds', sample 412, column 'image'");
    }
}
