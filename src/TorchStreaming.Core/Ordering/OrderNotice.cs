// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Something about an order that its user may not expect. No error: the order is the one that was asked for.</summary>
/// <param name="Kind">What it is about; one dataset need not say it twice.</param>
/// <param name="IsWarning">Whether there is something to repair, rather than to know.</param>
/// <param name="Text">What it is, with the numbers, and what to do.</param>
internal sealed record OrderNotice(OrderNoticeKind Kind, bool IsWarning, string Text);
