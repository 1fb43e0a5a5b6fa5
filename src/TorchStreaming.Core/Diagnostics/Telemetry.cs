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

    public static readonly ActivitySource Activities = new(Name);
}
