// SPDX-License-Identifier: MIT

// One rank as a process of its own: reads epochs through a cache that other processes share, and says what it got. Tests start it, and
// kill it.
//
//   ProcessHost <remote> <local> <rank> <ranks> <epochs> <cache limit in bytes, 0 for none> <pause per batch in ms>
//
// Each epoch is a line "epoch <samples> <digest>"; the last line is "done <downloaded bytes> <most bytes seen in the cache>".
using System.Globalization;
using TorchStreaming;
using TorchStreaming.Loading;
using TorchStreaming.TestKit;

var numbers = args[2..].Select(static text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
var (rank, ranks, epochs, limit, pause) = ((int)numbers[0], (int)numbers[1], numbers[2], numbers[3], (int)numbers[4]);
var options = RankOptions.Create(rank, ranks) with { Local = args[1], CacheLimit = limit };
await using var dataset = await StreamingDataset.OpenAsync(args[0], options);
using var loader = new BatchLoader(dataset, new IdAndTextTransform());
using var never = new ManualResetEventSlim();
var most = 0L;
for (var epoch = 0; epoch < epochs; epoch++)
{
    var delivered = DeliveredEpoch.Read(loader, () =>
    {
        most = Math.Max(most, CacheBytes.Measure(args[1]));
        never.Wait(pause);
    });
    if (delivered.Failure is { } failure)
    {
        Console.Error.WriteLine(failure);
        return 1;
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {delivered.Samples.Count} {delivered.Digest}"));
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done {dataset.CacheStatistics.DownloadedBytes} {most}"));
return 0;
