// SPDX-License-Identifier: MIT

namespace TorchStreaming.Documentation.Tests;

/// <summary>A value that a user may print.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Text">What it prints.</param>
/// <param name="Expected">What it should print.</param>
internal sealed record PrintedValue(Type Type, string Text, string Expected);
