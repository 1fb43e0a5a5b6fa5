// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Loading;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

/// <summary>Credentials in a location stay out of everything that stays: names, contents and logs of a cache, and failures.</summary>
public sealed class CredentialTests : IDisposable
{
    private const string Secret = "t0psecret";

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLoggers _loggers = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Epoch_LocationWithUserAndSignature_LeavesNoTraceOfThem()
    {
        await SmallDataset.WriteAsync(_directory.Combine("data"), 40);
        await using var server = await ScriptedHttpServer.StartAsync();
        foreach (var file in Directory.GetFiles(_directory.Combine("data")))
        {
            server.Put(Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }

        server.Script("index.json", new HttpFault.Status(503));
        server.Script("shard.00000.mds", new HttpFault.Reset(), new HttpFault.WrongLength(5));
        server.Remove("shard.00002.mds");
        var location = $"http://user:{Secret}@{server.Address.Authority}/?sig={Secret}";
        var options = new StreamingDatasetOptions
        {
            Local = _directory.Combine("local"),
            BatchSize = 4,
            DownloadRetry = 4,
            TimeProvider = new HastyTimeProvider(factor: 100),
            LoggerFactory = _loggers,
        };
        DeliveredEpoch epoch;
        await using (var dataset = await StreamingDataset.OpenAsync(location, options))
        {
            using var loader = new BatchLoader(dataset, new IdAndTextTransform());
            epoch = DeliveredEpoch.Read(loader);
        }

        Assert.All(server.Requests, static request => Assert.Contains(Secret, request.Query, StringComparison.Ordinal));
        Assert.IsType<StorageException>(epoch.Failure);
        Assert.DoesNotContain(Secret, epoch.Failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("Attempt 2", _loggers.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, _loggers.Text, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_directory.Combine("local"), "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(Secret, file, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, await File.ReadAllTextAsync(file, Encoding.Latin1), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Secret, StreamingDataset.GetDefaultLocal(location), StringComparison.Ordinal);
    }
}
