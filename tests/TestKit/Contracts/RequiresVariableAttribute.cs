// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>Says that the contract tests of a class need a server whose address is in a variable of the environment; without it they
/// are left out, and one shows as skipped for all.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresVariableAttribute(string name) : Attribute
{
    /// <summary>Gets the variable.</summary>
    public string Name => name;
}
