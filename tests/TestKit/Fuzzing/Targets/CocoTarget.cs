// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Conversion;

namespace TorchStreaming.TestKit;

/// <summary>Reads a file of COCO's annotations.</summary>
internal sealed class CocoTarget : FuzzTarget
{
    public override string Name => "coco";

    public override void Read(FuzzInput input, string scratch)
    {
        var path = Path.Combine(scratch, "instances.json");
        File.WriteAllBytes(path, input.Files[0]);
        using var parser = new CocoParser(path);
        parser.Read();
    }

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        yield return new FuzzInput("instances", [Encoding.UTF8.GetBytes(
            """
            {"info": {"year": 2017, "tags": [[], {"a": null}]},
             "images": [{"id": 9, "file_name": "9.jpg", "height": 20, "width": 30}, {"width": 30, "height": 4, "file_name": "\u00e4.jpg", "id": 10}],
             "annotations": [{"id": 1, "image_id": 9, "category_id": 18, "bbox": [1.5, 2, 3.25, 4], "segmentation": [[1, 2, 3]], "iscrowd": 0}],
             "categories": [{"supercategory": "animal", "id": 18, "name": "dog"}]}
            """)]);
    }
}
