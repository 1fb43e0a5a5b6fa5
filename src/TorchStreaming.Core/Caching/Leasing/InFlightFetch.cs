// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;

namespace TorchStreaming.Caching;

/// <summary>A shard on its way to being open, and how many callers wait for it. The cache's lock guards everything but the task.</summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "Without a timer or a wait handle the source holds nothing, and the last waiter may cancel work that has just ended.")]
internal sealed class InFlightFetch
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>Gets the token that ends the work.</summary>
    public CancellationToken CancellationToken => _cancellation.Token;

    /// <summary>Gets or sets the work.</summary>
    public Task<OpenShard> Task { get; set; } = null!;

    /// <summary>Gets or sets the number of callers that wait. The shard arrives with a lease for each.</summary>
    public int Waiters { get; set; }

    /// <summary>Gets or sets the shard once it has arrived.</summary>
    public OpenShard? Arrived { get; set; }

    /// <summary>Ends the work.</summary>
    public void Cancel() => _cancellation.Cancel();
}
