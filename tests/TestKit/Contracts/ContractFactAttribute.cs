// SPDX-License-Identifier: MIT

using Xunit;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>A fact of a contract, which is left out where the derived class's <see cref="RequiresVariableAttribute"/> says so.</summary>
[XunitTestCaseDiscoverer("TorchStreaming.TestKit." + nameof(ContractFactDiscoverer), "TorchStreaming.TestKit")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractFactAttribute : FactAttribute
{
    /// <summary>Gets or sets whether the test is the one that shows as skipped, for all tests of its class, where there is no server.</summary>
    public bool StandsForAll { get; set; }
}
