// SPDX-License-Identifier: MIT

namespace ImageNetTraining;

/// <summary>Counts how often the right class is the best, and among the best five, of the scores.</summary>
internal sealed class TopKCounter
{
    private long _samples;
    private long _top1;
    private long _top5;

    public double Top1 => _samples == 0 ? 0 : (double)_top1 / _samples;

    public double Top5 => _samples == 0 ? 0 : (double)_top5 / _samples;

    public void Add(ReadOnlySpan<float> scores, int label)
    {
        var better = 0;
        foreach (var score in scores)
        {
            if (score > scores[label])
            {
                better++;
            }
        }

        _samples++;
        _top1 += better < 1 ? 1 : 0;
        _top5 += better < 5 ? 1 : 0;
    }
}
