// SPDX-License-Identifier: MIT

namespace ImageNetTraining;

/// <summary>Linear warm-up, then a cosine down to zero.</summary>
/// <param name="peak">The learning rate at the end of the warm-up.</param>
/// <param name="warmupSteps">The optimizer steps of the warm-up.</param>
/// <param name="totalSteps">The optimizer steps of the whole run.</param>
internal sealed class LearningRateSchedule(double peak, long warmupSteps, long totalSteps)
{
    public double At(long step)
    {
        if (step < warmupSteps)
        {
            return peak * (step + 1) / warmupSteps;
        }

        var progress = Math.Min(1.0, (double)(step - warmupSteps) / Math.Max(1, totalSteps - warmupSteps));
        return peak * 0.5 * (1.0 + Math.Cos(Math.PI * progress));
    }
}
