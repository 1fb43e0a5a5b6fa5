// SPDX-License-Identifier: MIT

using Xunit.Abstractions;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>Finds <see cref="ContractFactAttribute"/>s.</summary>
public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new ContractTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, null);
}
