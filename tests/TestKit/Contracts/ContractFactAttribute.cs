// SPDX-License-Identifier: MIT

using Xunit;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>A fact of a contract, which skips where the derived class's <see cref="RequiresVariableAttribute"/> says so.</summary>
[XunitTestCaseDiscoverer("TorchStreaming.TestKit." + nameof(ContractFactDiscoverer), "TorchStreaming.TestKit")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractFactAttribute : FactAttribute;
