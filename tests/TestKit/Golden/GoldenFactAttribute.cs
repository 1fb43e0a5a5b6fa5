// SPDX-License-Identifier: MIT

using Xunit;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>A test of recordings, skipped where the folder that <c>TORCHSTREAMING_GOLDEN</c> names lacks what it needs.</summary>
[XunitTestCaseDiscoverer("TorchStreaming.TestKit." + nameof(GoldenFactDiscoverer), "TorchStreaming.TestKit")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoldenFactAttribute : FactAttribute
{
    /// <summary>Gets or sets whether the test needs libturbojpeg and is skipped on machines without it.</summary>
    public bool NeedsTurboJpeg
    {
        get;
        set
        {
            field = value;
            Skip = value ? new TurboJpegFactAttribute().Skip : Skip;
        }
    }
}
