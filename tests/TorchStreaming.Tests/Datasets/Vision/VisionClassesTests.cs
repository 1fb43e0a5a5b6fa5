// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets.Vision;

public sealed class VisionClassesTests : IDisposable
{
    private readonly long _before = LiveTensors.Count();

    public void Dispose() => Assert.Equal(_before, LiveTensors.Count());

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void Cifar10_EverySample_IsWhatTheReferenceReturns()
    {
        using var dataset = new StreamingCIFAR10(new() { Local = ClassGetItemGolden.Folder("cifar10"), Split = "train", World = World.Single });

        var compared = ClassGetItemGolden.Compare("StreamingCIFAR10", (i, item) =>
        {
            using var scope = NewDisposeScope();
            var sample = dataset.GetTensor(i);
            ClassGetItemGolden.AssertTensor($"image {i}", item[0], sample["x"]);
            Assert.Equal(item[1].GetProperty("v").GetString(), sample["y"].item<long>().ToString(CultureInfo.InvariantCulture));
        });

        GoldenData.AssertCount(12, compared);
    }

    [GoldenFact(NeedsTurboJpeg = true)]
    [Trait("Category", GoldenData.Category)]
    public void Ade20K_EverySample_IsWhatTheReferenceReturns()
    {
        using var dataset = new StreamingADE20K(new() { Local = ClassGetItemGolden.Folder("ade20k"), World = World.Single });

        var compared = ClassGetItemGolden.Compare("StreamingADE20K", (i, item) =>
        {
            using var scope = NewDisposeScope();
            var sample = dataset.GetTensor(i);
            ClassGetItemGolden.AssertImage($"image {i}", item[0], sample["x"]);
            ClassGetItemGolden.AssertImage($"map {i}", item[1], sample["y"]);
        });

        GoldenData.AssertCount(4, compared);
    }

    [GoldenFact(NeedsTurboJpeg = true)]
    [Trait("Category", GoldenData.Category)]
    public void Ade20K_JointImageTransform_MovesImageAndMapAlike()
    {
        var transform = ImageTransform.RandomCrop(24).RandomHorizontalFlip().RandomVerticalFlip();
        using var plain = new StreamingADE20K(new() { Local = ClassGetItemGolden.Folder("ade20k"), World = World.Single });
        using var dataset = new StreamingADE20K(new()
        {
            Local = ClassGetItemGolden.Folder("ade20k"), BatchSize = 4, JointTransform = transform.ToDtype(ElementType.UInt8),
            TargetTransform = static map => map.to(ScalarType.Int64), World = World.Single,
        });
        using var loader = new StreamingDataLoader(dataset, numWorkers: 2);
        foreach (var batch in loader)
        {
            Assert.Equal([4, 3, 24, 24], batch["x"].shape);
            Assert.Equal([4, 24, 24], batch["y"].shape);
            for (var row = 0; row < 4; row++)
            {
                using var scope = NewDisposeScope();
                var whole = plain.GetTensor(batch.SampleIds[row]);
                var (top, left, flips) = FindCrop(whole["x"], batch["x"][row]);
                var expected = Crop(whole["y"], top, left, flips);
                Assert.True(expected.to(ScalarType.Int64).equal(batch["y"][row]).all().item<bool>());
            }
        }
    }

    [GoldenFact(NeedsTurboJpeg = true)]
    [Trait("Category", GoldenData.Category)]
    public void Ade20K_JointFunction_ComesBeforeTheOthers()
    {
        using var dataset = new StreamingADE20K(new()
        {
            Local = ClassGetItemGolden.Folder("ade20k"),
            JointTransform = SegmentationTransform.FromFunction(static (x, y) => (x[TensorIndex.Ellipsis, ..8], y[TensorIndex.Ellipsis, ..8])),
            Transform = VisionTransform.FromFunction(static x => x.to(ScalarType.Float32)),
            TargetTransform = static y => y.unsqueeze(0), World = World.Single,
        });
        using var scope = NewDisposeScope();

        var sample = dataset.GetTensor(0);

        Assert.Equal([3, 40, 8], sample["x"].shape);
        Assert.Equal(ScalarType.Float32, sample["x"].dtype);
        Assert.Equal([1, 40, 8], sample["y"].shape);
    }

    [Fact]
    public void Ade20K_ImageTransformAfterJointTransform_IsRefused() => Assert.Throws<ArgumentException>(() => new StreamingADE20K(new()
    {
        Local = ClassGetItemGolden.Folder("ade20k"), JointTransform = SegmentationTransform.FromFunction(static (x, y) => (x, y)),
        Transform = ImageTransform.CenterCrop(8),
    }));

    [GoldenFact(NeedsTurboJpeg = true)]
    [Trait("Category", GoldenData.Category)]
    public void Coco_EverySample_IsWhatTheReferenceReturns()
    {
        using var dataset = new StreamingCOCO(new() { Local = ClassGetItemGolden.Folder("coco"), World = World.Single });

        var compared = ClassGetItemGolden.Compare("StreamingCOCO", (i, item) =>
        {
            using var scope = NewDisposeScope();
            var sample = dataset.GetTensor(i);
            ClassGetItemGolden.AssertImage($"image {i}", item[0], sample["img"]);
            Assert.Equal(item[1].GetProperty("v").GetString(), Text(sample["img_id"]));
            Assert.Equal(item[2].GetProperty("v")[0].GetProperty("v").GetString(), Text(sample["htot"]));
            Assert.Equal(item[2].GetProperty("v")[1].GetProperty("v").GetString(), Text(sample["wtot"]));
            ClassGetItemGolden.AssertArray($"boxes {i}", item[3], sample["bbox_sizes"]);
            ClassGetItemGolden.AssertArray($"labels {i}", item[4], sample["bbox_labels"]);
        });

        GoldenData.AssertCount(4, compared);
    }

    [GoldenFact(NeedsTurboJpeg = true)]
    [Trait("Category", GoldenData.Category)]
    public void Coco_BatchesWithTransform_StackImagesAndListBoxes()
    {
        using var dataset = new StreamingCOCO(new()
        {
            Local = ClassGetItemGolden.Folder("coco"), BatchSize = 4,
            Transform = static (image, size, boxes, labels) => (image, (size.Width, size.Height), boxes[..1], labels + 1),
            ImageTransform = ImageTransform.Resize(16, 16), World = World.Single,
        });
        using var plain = new StreamingCOCO(new() { Local = ClassGetItemGolden.Folder("coco"), World = World.Single });
        using var loader = new StreamingDataLoader(dataset, numWorkers: 2);
        foreach (var batch in loader)
        {
            Assert.Equal([4, 3, 16, 16], batch["img"].shape);
            Assert.Equal([4, 1, 4], batch["bbox_sizes"].shape);
            var labels = batch.Lists["bbox_labels"];
            for (var row = 0; row < 4; row++)
            {
                using var scope = NewDisposeScope();
                var sample = plain.GetTensor(batch.SampleIds[row]);
                Assert.Equal((sample["bbox_labels"] + 1).data<long>().ToArray(), labels[row].data<long>().ToArray());
                Assert.Equal(sample["wtot"].item<long>(), batch["htot"][row].item<long>());
            }
        }
    }

    [Fact]
    public void Options_Unchanged_HaveTheReferencesDefaults()
    {
        (string, object?)[] transforms = [("Transform", null), ("TargetTransform", null)];
        ClassArguments.AssertMirrors(new StreamingVisionDatasetOptions(), [.. ClassArguments.Older, ("Transforms", null), .. transforms]);
        ClassArguments.AssertMirrors(new StreamingADE20KOptions(), [.. ClassArguments.Older, ("JointTransform", null), .. transforms]);
        ClassArguments.AssertMirrors(new StreamingCOCOOptions(), [.. ClassArguments.Older, ("Transform", null)]);
    }

    private static string Text(Tensor number) => number.item<long>().ToString(CultureInfo.InvariantCulture);

    /// <summary>Finds where a crop was taken, trying every place and mirror image.</summary>
    private static (int Top, int Left, long[] Flips) FindCrop(Tensor whole, Tensor crop)
    {
        var (height, width) = ((int)whole.shape[1], (int)whole.shape[2]);
        foreach (var flips in (long[][])[[], [-1], [-2], [-1, -2]])
        {
            for (var top = 0; top <= height - 24; top++)
            {
                for (var left = 0; left <= width - 24; left++)
                {
                    using var scope = NewDisposeScope();
                    if (Crop(whole, top, left, flips).equal(crop).all().item<bool>())
                    {
                        return (top, left, flips);
                    }
                }
            }
        }

        throw new InvalidOperationException("The crop is no part of the image.");
    }

    private static Tensor Crop(Tensor whole, int top, int left, long[] flips)
    {
        var part = whole[TensorIndex.Ellipsis, top..(top + 24), left..(left + 24)];
        return flips.Length == 0 ? part : part.flip(flips);
    }
}
