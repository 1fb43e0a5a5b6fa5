// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Tests.Faults;

/// <summary>The variables of the environment that make the suites of faults longer than a test run's share.</summary>
internal static class FaultVariables
{
    /// <summary>Gets a variable's number.</summary>
    public static int Get(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
