// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Interop;

/// <summary>Upstream's writers and reader, in one process for all tests of a class.</summary>
public sealed class UpstreamLibrary : IDisposable
{
    private readonly UpstreamProcess? _process = UpstreamProcess.Start(Path.Combine(AppContext.BaseDirectory, "Interop", "upstream_interop.py"));

    private UpstreamProcess Process => _process ?? throw new InvalidOperationException(UpstreamProcess.Remedy);

    /// <summary>Writes upstream's samples.</summary>
    public void Write(string folder, string format, string compression, string hashes) =>
        Process.Ask("write", folder, format, compression, hashes);

    /// <summary>Reads a dataset as a remote one: files are copied, checked, decompressed and decoded.</summary>
    /// <param name="folder">The dataset.</param>
    /// <param name="scratch">A folder to use.</param>
    /// <param name="check">The hash to check, or nothing.</param>
    /// <returns>What was read, a description of each value by column for each sample.</returns>
    public JsonElement[] Read(string folder, string scratch, string check)
    {
        var output = scratch + ".json";
        Process.Ask("read", folder, scratch, output, check);
        using var document = JsonDocument.Parse(File.ReadAllBytes(output));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    public void Dispose() => _process?.Dispose();
}
