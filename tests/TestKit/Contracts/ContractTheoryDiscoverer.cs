// SPDX-License-Identifier: MIT

using Xunit.Abstractions;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>Finds <see cref="ContractTheoryAttribute"/>s.</summary>
public sealed class ContractTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object[] dataRow) =>
        [new ContractTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, dataRow)];
}
