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

    /// <summary>Gets the variable that a test's class needs and that names no server; null when nothing is missing.</summary>
    internal static string? MissingVariableOf(ITestMethod method)
    {
        var needed = method.TestClass.Class.GetCustomAttributes(typeof(RequiresVariableAttribute)).FirstOrDefault();
        var variable = needed?.GetConstructorArguments().Single() as string;
        return variable is null || Environment.GetEnvironmentVariable(variable) is { Length: > 0 } ? null : variable;
    }

    /// <inheritdoc/>
    protected override string GetSkipReason(IAttributeInfo factAttribute) => MissingVariableOf(TestMethod) is { } variable
        ? $"{variable} names no server: all tests of this class are left out. Run them through .ci/servers."
        : base.GetSkipReason(factAttribute);
}
