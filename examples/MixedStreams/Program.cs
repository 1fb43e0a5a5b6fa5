// SPDX-License-Identifier: MIT

using MixedStreams;
using TorchStreaming;

var folder = Directory.CreateTempSubdirectory("mixed-streams-").FullName;
try
{
    string[] names = ["web", "books", "code"];
    int[] sizes = [6000, 1500, 500];
    for (var i = 0; i < names.Length; i++)
    {
        await SourceShards.WriteAsync(Path.Combine(folder, names[i]), i, sizes[i]);
    }

    var options = new StreamingDatasetOptions { Shuffle = true, BatchSize = 50 };
    DataStream Stream(int i) => new() { Remote = Path.Combine(folder, names[i]) };

    await Mix.ShowAsync("As they are", names, [Stream(0), Stream(1), Stream(2)], options);

    await Mix.ShowAsync(
        "Proportions 5:3:2, an epoch of 4000",
        names,
        [Stream(0) with { Proportion = 0.5 }, Stream(1) with { Proportion = 0.3 }, Stream(2) with { Proportion = 0.2 }],
        options with { EpochSize = 4000 });

    await Mix.ShowAsync(
        "Half of web, books once, code four times",
        names,
        [Stream(0) with { Repeat = 0.5 }, Stream(1) with { Repeat = 1 }, Stream(2) with { Repeat = 4 }],
        options);

    await Mix.ShowAsync(
        "Proportions 5:3:2, each batch from one stream",
        names,
        [Stream(0) with { Proportion = 0.5 }, Stream(1) with { Proportion = 0.3 }, Stream(2) with { Proportion = 0.2 }],
        options with { EpochSize = 4000, BatchingMethod = BatchingMethod.PerStream });
}
finally
{
    Directory.Delete(folder, recursive: true);
}
