// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Faults;

/// <summary>Servers that speak https: trusted, not trusted, and slow to shake hands.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LoopbackCertificate _certificate = new();

    public void Dispose()
    {
        _certificate.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Epoch_TrustedServerWithSlowHandshakes_IsExact()
    {
        await SmallDataset.WriteAsync(_directory.Combine("data"), 100);
        await using var server = await ScriptedHttpServer.StartAsync(
            _certificate, static stop => Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop));
        foreach (var file in Directory.GetFiles(_directory.Combine("data")))
        {
            server.Put(Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }

        using var client = _certificate.CreateClient();
        var stores = new ObjectStoreResolver();
        stores.Register("https", (location, options) => new HttpObjectStore(new Uri(location), options.Http, client));
        await using var dataset = await StreamingDataset.OpenAsync(
            server.Address.ToString(),
            new StreamingDatasetOptions { Local = _directory.Combine("local"), BatchSize = 10, Stores = stores });
        using var loader = new BatchLoader(dataset, new IdAndTextTransform());

        var epoch = DeliveredEpoch.Read(loader);

        Assert.Null(epoch.Failure);
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => ((long)i, $"text {i}")), epoch.Samples);
    }

    [Fact]
    public async Task OpenRead_CertificateThatNobodyTrusts_IsRefusedAndNotTriedAgain()
    {
        await using var server = await ScriptedHttpServer.StartAsync(_certificate);
        server.Put("shard", [1, 2, 3]);
        var time = new PassingTimeProvider { PassAtOnce = TimeSpan.FromSeconds(45) };
        await using var store = new RetryingObjectStore(
            new HttpObjectStore(server.Address), new RetryPolicy { Attempts = 5 }, time);
        var start = time.GetTimestamp();

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("shard"));

        Assert.False(error.IsTransient);
        Assert.Contains("secure connection", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.Equal(TimeSpan.Zero, time.GetElapsedTime(start));
    }

    [Fact]
    public async Task OpenRead_HandshakeThatNeverEnds_IsTimeout()
    {
        await using var server = await ScriptedHttpServer.StartAsync(
            _certificate, static stop => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        using var client = _certificate.CreateClient();
        await using var store = new RetryingObjectStore(
            new HttpObjectStore(server.Address, new HttpObjectStoreOptions(), client),
            new RetryPolicy { Attempts = 2 },
            new HastyTimeProvider(factor: 600));

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("shard"));

        Assert.Equal(StorageErrorKind.Timeout, error.Kind);
        Assert.Empty(server.Requests);
    }
}
