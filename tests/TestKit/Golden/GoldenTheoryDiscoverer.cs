// SPDX-License-Identifier: MIT

using Xunit.Abstractions;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>Finds <see cref="GoldenTheoryAttribute"/>s.</summary>
public sealed class GoldenTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute)
    {
        // Another folder may have no case of a kind; for the framework a theory without cases is a failure.
        var cases = base.Discover(discoveryOptions, testMethod, theoryAttribute);
        return GoldenData.IsOwn ? cases : cases.Where(static found => found is not ExecutionErrorTestCase);
    }

    /// <inheritdoc/>
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object[] dataRow) =>
        [new GoldenTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, dataRow)];
}
