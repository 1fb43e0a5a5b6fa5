// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

/// <summary>The images of a recorded case.</summary>
internal static class GoldenImages
{
    /// <summary>Says whether the case's source and, if it has one, its result are recorded; see <see cref="GoldenData.Has"/>.</summary>
    public static bool AreThere(JsonElement recorded) =>
        GoldenData.Has("imaging", recorded.GetProperty("src").GetString()!)
        && (!recorded.TryGetProperty("out", out var result) || GoldenData.Has("imaging", result.GetString()!));
}
