// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TorchStreaming.Diagnostics;

/// <summary>The one meter and the one activity source of TorchStreaming; both are named <c>TorchStreaming</c>.</summary>
internal static class Telemetry
{
    /// <summary>The name to pass to <c>AddMeter</c> and <c>AddSource</c>.</summary>
    public const string Name = "TorchStreaming";

    public static readonly Meter Meter = new(Name);

    private static readonly ActivitySource _activities = new(Name);

    /// <summary>Does work within a span, which costs nothing while nobody listens.</summary>
    /// <param name="name">The span's name.</param>
    /// <param name="work">The work; gets the span, to tag it, or <see langword="null"/>.</param>
    public static async ValueTask<T> TraceAsync<T>(string name, Func<Activity?, ValueTask<T>> work)
    {
        using var activity = _activities.StartActivity(name);
        try
        {
            return await work(activity).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            throw;
        }
    }
}
