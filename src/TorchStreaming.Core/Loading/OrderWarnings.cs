// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>Logs what a user may not expect of a dataset's order, each kind once. Belongs to the dataset; its epoch lock guards
/// it.</summary>
/// <param name="logger">Where it is logged.</param>
internal sealed class OrderWarnings(ILogger logger)
{
    private readonly HashSet<OrderNoticeKind> _said = [];
    private bool _saidPredownload;

    /// <summary>Takes notice of the plan of an epoch.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="batchSize">The samples in a batch.</param>
    /// <param name="predownload">How many samples shards are fetched ahead, where that was given.</param>
    public void Tell(EpochOrder plan, int batchSize, int? predownload)
    {
        if (predownload < batchSize && !_saidPredownload)
        {
            _saidPredownload = true;
            Log.SmallPredownload(logger, predownload.Value, batchSize);
        }

        foreach (var notice in plan.FindNotices())
        {
            if (!_said.Add(notice.Kind))
            {
                continue;
            }

            if (notice.IsWarning)
            {
                Log.OrderWarning(logger, notice.Text);
            }
            else
            {
                Log.OrderNotice(logger, notice.Text);
            }
        }
    }
}
