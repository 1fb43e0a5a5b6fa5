// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>How often, how long and how patiently a store call is tried.</summary>
public sealed record RetryPolicy
{
    /// <summary>The longest wait; timers count at most 49 days.</summary>
    internal static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    /// <summary>Gets the number of attempts in total, the first one included.</summary>
    /// <value>The default is 2.</value>
    /// <remarks>Mirrors <c>streaming.Stream(download_retry=…)</c>. Only transient failures  are tried again.</remarks>
    public int Attempts
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Attempts));
            field = value;
        }
    } = 2;

    /// <summary>Gets how long an attempt may go without an answer or a further byte before it counts as failed.</summary>
    /// <value>The default is 60 seconds.</value>
    /// <remarks>A body that merely trickles ends too: an attempt has failed when ten times this went by in waiting for bytes and less than
    /// 1 MiB came. Mirrors <c>streaming.Stream(download_timeout=…)</c>.</remarks>
    public TimeSpan StallTimeout
    {
        get;
        init => field = Positive(value, nameof(StallTimeout));
    } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the time after which a call that failed is not tried again, counted from its start. An attempt that makes
    /// progress is not cut off; see <see cref="StallTimeout"/> for what counts as such.</summary>
    /// <value>The default is 15 minutes.</value>
    public TimeSpan TotalTimeout
    {
        get;
        init => field = Positive(value, nameof(TotalTimeout));
    } = TimeSpan.FromMinutes(15);

    /// <summary>Gets the wait before the second attempt; it doubles with each further one, and up to half a second of jitter is
    /// added.</summary>
    /// <value>The default is 1 second.</value>
    public TimeSpan FirstDelay
    {
        get;
        init => field = Positive(value, nameof(FirstDelay));
    } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the bound of the doubling. A store that asks for more with <c>Retry-After</c> gets more.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan LongestDelay
    {
        get;
        init => field = Positive(value, nameof(LongestDelay));
    } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the wait after a failed attempt, without jitter.</summary>
    internal TimeSpan GetDelay(int failedAttempts)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Min(failedAttempts - 1, 30));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private static TimeSpan Positive(TimeSpan value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestWait, name);
        return value;
    }
}
