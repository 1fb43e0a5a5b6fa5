// SPDX-License-Identifier: MIT

using Xunit;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>A theory about recordings, each case of which is skipped where the folder that <c>TORCHSTREAMING_GOLDEN</c> names lacks what it
/// needs.</summary>
[XunitTestCaseDiscoverer("TorchStreaming.TestKit." + nameof(GoldenTheoryDiscoverer), "TorchStreaming.TestKit")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoldenTheoryAttribute : TheoryAttribute;
