// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary>The tool on the S3 server that <c>.ci/servers</c> starts: what it writes there it reads there.</summary>
[RequiresVariable(Variable)]
public sealed class RemoteDatasetTests : IDisposable
{
    private const string Variable = "TORCHSTREAMING_TEST_S3";
    private const int Samples = 40;

    private readonly TemporaryDirectory _directory = new();
    private readonly string _remote = $"s3://torchstreaming/{Guid.NewGuid():N}";

    public void Dispose() => _directory.Dispose();

    [ContractFact]
    public async Task ConvertMergeVerify_OnS3_KeepEverySample()
    {
        var local = _directory.Combine("plain");
        await SmallDataset.WriteAsync(local, Samples, textLength: 200, new DatasetWriterOptions { SizeLimit = 3000 });

        await RunAsync(ExitCodes.Success, "convert", "dataset", local, $"{_remote}/packed", "--compression", "gz", "--hashes", "xxh64");
        var converted = await RunAsync(ExitCodes.Success, "verify", $"{_remote}/packed", "--hashes", "--json");
        Assert.Equal(Samples, JsonDocument.Parse(converted).RootElement.GetProperty("samples").GetInt32());

        // One part comes from a folder, the other from the server.
        await RunAsync(ExitCodes.Success, "merge", local, $"{_remote}/packed", "--out", $"{_remote}/both", "--json");
        var merged = await RunAsync(ExitCodes.Success, "verify", $"{_remote}/both", "--json");
        Assert.Equal(2 * Samples, JsonDocument.Parse(merged).RootElement.GetProperty("samples").GetInt32());
    }

    private static async Task<string> RunAsync(int exitCode, params string[] arguments)
    {
        using var tool = ToolProcess.Start(arguments, new Dictionary<string, string?>
        {
            ["S3_ENDPOINT_URL"] = Environment.GetEnvironmentVariable(Variable),
            ["AWS_ACCESS_KEY_ID"] = "S3RVER",
            ["AWS_SECRET_ACCESS_KEY"] = "S3RVER",
        });
        await tool.AssertExitAsync(exitCode);
        return await tool.Output;
    }
}
