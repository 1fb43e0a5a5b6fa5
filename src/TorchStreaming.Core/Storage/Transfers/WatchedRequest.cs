// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A request under way whose duration is watched.</summary>
/// <param name="watch">Who watches.</param>
/// <param name="started">The time stamp of its start.</param>
internal sealed class WatchedRequest(StragglerWatch watch, long started) : IDisposable
{
    private readonly TaskCompletionSource _overdue = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDone;

    /// <summary>Gets the time stamp of its start.</summary>
    public long Started => started;

    /// <summary>Gets a task that ends when the request may be made a second time; it may never end.</summary>
    public Task Overdue => _overdue.Task;

    /// <summary>Gets or sets the place among those that run and are not overdue; the watch's lock guards it.</summary>
    public LinkedListNode<WatchedRequest>? Place { get; set; }

    /// <summary>Says that the request may be made a second time.</summary>
    public void SetOverdue() => _overdue.TrySetResult();

    /// <summary>Says that it has brought its bytes.</summary>
    public void SetDone() => _isDone = true;

    /// <inheritdoc/>
    public void Dispose() => watch.End(this, _isDone);
}
