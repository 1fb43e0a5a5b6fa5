#!/usr/bin/env dotnet
#:project ../src/TorchStreaming.Core/TorchStreaming.Core.csproj
#:property PublishAot=false
#:property NoWarn=CA2007;IDE1006

// SPDX-License-Identifier: MIT
// A walk through TorchStreaming: dotnet run examples/walkthrough.cs

using System.IO;
using TorchStreaming;

// ## Write a dataset
// Sixty little images with a label, in shards of 8 KiB. The index is written last: a dataset is either whole or not there.
var folder = Directory.CreateTempSubdirectory("walkthrough-").FullName;
var columns = new Dictionary<string, string> { ["image"] = "png", ["label"] = "int", ["caption"] = "str" };
await using (var writer = await MdsWriter.CreateAsync(Path.Combine(folder, "remote"), columns, new() { SizeLimit = ByteSize.KiB(8) }))
{
    for (var n = 0; n < 60; n++)
    {
        var pixels = new byte[48 * 48 * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((n * 4) + (i % 3 * 40) + (i / 3 % 48 * (n % 5)) + (i / 144 * (n % 3)));
        }

        var png = new MemoryStream();
        PngWriter.WriteRgb(png, pixels, 48, 48);
        writer.Row.SetBytes("image", png.ToArray());
        writer.Row.Set("label", (long)(n % 5));
        writer.Row.Set("caption", $"a gradient <{n % 5}> & more");
        await writer.WriteRowAsync();
    }

    await writer.CompleteAsync();
}

// ## Open it
// From a folder here, from a URL elsewhere; shards are kept in the local folder.
var options = new StreamingDatasetOptions { Local = Path.Combine(folder, "local"), Shuffle = true, BatchSize = 16 };
var dataset = await StreamingDataset.OpenAsync(Path.Combine(folder, "remote"), options);
display(dataset);

// ## Look at a sample
using (var sample = dataset[17])
{
    display(sample);
}

// ## Read batches
// Decoded, flipped at random and normalized by two threads. A batch lives until the next step.
var transform = ImageTransform.RandomResizedCrop(40).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std);
var loader = new BatchLoader(
    dataset, new ColumnSet(new ImageColumn("image", transform, "x"), new ScalarColumn("label", name: "y")), new() { NumWorkers = 2 });
string state;
using (var epoch = loader.GetEnumerator())
{
    epoch.MoveNext();
    display(epoch.Current);
    state = loader.StateDict().ToJson();
}

// ## Stop and continue
// The state of a loader is a line of JSON. Another loader, process or machine continues from it.
var second = new BatchLoader(dataset, new ColumnSet(new ScalarColumn("label")), new() { NumWorkers = 2 });
second.LoadStateDict(state);
Console.WriteLine($"{second.Sum(static batch => batch.Count)} of {dataset.Count} samples remain");

// ## Find the bottleneck
foreach (var batch in loader)
{
    _ = batch.GetValues<float>("x");
}

display(loader.Statistics);

// ## Clean up
loader.Dispose();
second.Dispose();
dataset.Dispose();
Directory.Delete(folder, recursive: true);

// ## Outside notebooks
// A notebook shows a value as HTML; here it says what it is.
static void display(object value) => Console.WriteLine(value);
