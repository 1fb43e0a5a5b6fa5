// SPDX-License-Identifier: MIT

using Xunit;

namespace TorchStreaming.TestKit;

/// <summary>Tests that run upstream's own library and are skipped where Python cannot import it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UpstreamTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<bool> IsImportable = new(static () =>
    {
        using var process = UpstreamProcess.Start(Path.Combine(AppContext.BaseDirectory, "Interop", "upstream_interop.py"));
        return process is not null;
    });

    /// <summary>Creates the attribute.</summary>
    public UpstreamTheoryAttribute()
    {
        if (!IsImportable.Value)
        {
            Skip = UpstreamProcess.Remedy;
        }
    }
}
