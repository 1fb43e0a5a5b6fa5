// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;

namespace TorchStreaming.Diagnostics;

/// <summary>Tells notebooks how a type shows itself. They look for an attribute of this name on the type of a cell's result, whichever
/// assembly it is from, so that no package of theirs is needed.</summary>
/// <param name="formatterSourceType">A type with a parameterless constructor and a public method <c>CreateTypeFormatters</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    Type formatterSourceType) : Attribute
{
    /// <summary>Gets the type that makes the formatters.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type FormatterSourceType { get; } = formatterSourceType;
}
