// SPDX-License-Identifier: MIT

namespace ImageNetTraining;

/// <summary>Counts how often the right class is the best, and among the best five, of the scores, each image once: a share of the data may
/// repeat samples to be as long as the others'.</summary>
/// <param name="size">The number of images in the split.</param>
internal sealed class ValidationCounter(long size)
{
    private readonly HashSet<long> _seen = [];
    private long _top1;
    private long _top5;

    /// <summary>Gets the number of images in the split.</summary>
    public long Size => size;

    /// <summary>Gets how many of them were counted.</summary>
    public long Images => _seen.Count;

    public double Top1 => Images == 0 ? 0 : (double)_top1 / Images;

    public double Top5 => Images == 0 ? 0 : (double)_top5 / Images;

    public void Add(long sampleId, ReadOnlySpan<float> scores, int label)
    {
        if (!_seen.Add(sampleId))
        {
            return;
        }

        var better = 0;
        foreach (var score in scores)
        {
            if (score > scores[label])
            {
                better++;
            }
        }

        _top1 += better < 1 ? 1 : 0;
        _top5 += better < 5 ? 1 : 0;
    }
}
