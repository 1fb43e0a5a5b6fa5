// SPDX-License-Identifier: MIT

using Xunit.Abstractions;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>A test that knows the class it runs for, not only the one that declares it.</summary>
public sealed class ContractTestCase : XunitTestCase
{
    /// <summary>For the runner, which fills the case from its own record.</summary>
    [Obsolete("Called by the runner.")]
    public ContractTestCase()
    {
    }

    /// <summary>Creates the case.</summary>
    public ContractTestCase(IMessageSink diagnostics, ITestFrameworkDiscoveryOptions options, ITestMethod method, object[]? arguments)
        : base(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, arguments)
    {
    }

    /// <inheritdoc/>
    protected override string GetSkipReason(IAttributeInfo factAttribute)
    {
        var variable = TestMethod.TestClass.Class.GetCustomAttributes(typeof(RequiresVariableAttribute)).FirstOrDefault()?.GetConstructorArguments().Single() as string;
        return variable is null || Environment.GetEnvironmentVariable(variable) is { Length: > 0 }
            ? base.GetSkipReason(factAttribute)
            : $"{variable} names no server; run the tests through .ci/servers.";
    }
}
