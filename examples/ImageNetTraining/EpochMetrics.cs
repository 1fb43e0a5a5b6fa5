// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageNetTraining;

/// <summary>The figures of an epoch, a line of <c>metrics.jsonl</c> in the output folder.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="ImagesPerSecond">The training images per second.</param>
/// <param name="DataWait">The share of the time in which training waited for data.</param>
/// <param name="ValidationImages">The images that were validated, each once.</param>
/// <param name="Top1">The share of them whose best class is right.</param>
/// <param name="Top5">The share of them whose class is among the best five.</param>
internal sealed partial record EpochMetrics(int Epoch, double ImagesPerSecond, double DataWait, long ValidationImages, double Top1, double Top5)
{
    private const string FileName = "metrics.jsonl";

    public void AppendTo(string output) =>
        File.AppendAllText(Path.Combine(output, FileName), JsonSerializer.Serialize(this, MetricsJson.Default.EpochMetrics) + "\n");

    /// <summary>Reads the figures of the epoch that ended last.</summary>
    public static EpochMetrics ReadLast(string output) =>
        JsonSerializer.Deserialize(File.ReadLines(Path.Combine(output, FileName)).Last(), MetricsJson.Default.EpochMetrics)!;

    /// <summary>Forgets an earlier run's figures.</summary>
    public static void Clear(string output) => File.Delete(Path.Combine(output, FileName));

    [JsonSerializable(typeof(EpochMetrics))]
    private sealed partial class MetricsJson : JsonSerializerContext;
}
