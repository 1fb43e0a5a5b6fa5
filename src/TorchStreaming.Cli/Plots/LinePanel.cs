// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>A line of a <see cref="LineSheet"/>.</summary>
/// <param name="Title">What it shows, with its unit.</param>
/// <param name="Values">A value for each position of the sheet.</param>
/// <param name="Bound">A value that it is to be seen beside, drawn as a dashed line, or <see langword="null"/> for none.</param>
/// <param name="BoundName">What the bound is.</param>
internal sealed record LinePanel(string Title, IReadOnlyList<double> Values, double? Bound = null, string BoundName = "");
