// SPDX-License-Identifier: MIT

using Xunit;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>A theory of a contract, which is left out where the derived class's <see cref="RequiresVariableAttribute"/> says so.</summary>
[XunitTestCaseDiscoverer("TorchStreaming.TestKit." + nameof(ContractTheoryDiscoverer), "TorchStreaming.TestKit")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractTheoryAttribute : TheoryAttribute;
