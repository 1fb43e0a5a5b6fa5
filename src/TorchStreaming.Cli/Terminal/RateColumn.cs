// SPDX-License-Identifier: MIT

using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace TorchStreaming.Cli;

/// <summary>The counts, the rate and the remaining time beside a progress bar.</summary>
internal sealed class RateColumn : ProgressColumn
{
    private readonly ProgressRate _rate;

    /// <summary>Creates the column.</summary>
    /// <param name="rate">What to show.</param>
    public RateColumn(ProgressRate rate) => _rate = rate;

    /// <inheritdoc/>
    protected override bool NoWrap => true;

    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        var latest = _rate.Latest;
        var skipped = latest.Skipped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {latest.Skipped:N0} skipped");
        var total = latest.Total == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"/{latest.Total:N0}");
        return new Text(string.Create(CultureInfo.InvariantCulture, $"{latest.Done:N0}{total}{skipped}  {_rate.Describe()}"));
    }
}
