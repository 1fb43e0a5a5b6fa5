// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Tars;

/// <summary>Tars on a plain web server that does not do well: the exact samples, or one typed error.</summary>
public sealed class HttpTarTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _folder = new();
    private readonly PassingTimeProvider _time = new() { PassAtOnce = TimeSpan.FromSeconds(35) };
    private ScriptedHttpServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedHttpServer.StartAsync();
        for (var tar = 0; tar < 3; tar++)
        {
            _server.Put($"train-{tar}.tar", SmallTars.Make(tar * 20, 20));
        }
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<HttpFault, bool> Passing
    {
        get
        {
            var data = new TheoryData<HttpFault, bool>();
            foreach (var isIndexed in (bool[])[false, true])
            {
                data.Add(new HttpFault.Status(429, 3), isIndexed);
                data.Add(new HttpFault.Status(500), isIndexed);
                data.Add(new HttpFault.Status(503), isIndexed);
                data.Add(new HttpFault.Reset(), isIndexed);
                data.Add(new HttpFault.BreakAfter(0), isIndexed);
                data.Add(new HttpFault.BreakAfter(12_345), isIndexed);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task ReadEpoch_FaultThatPasses_GivesTheExactSamples(HttpFault fault, bool isIndexed)
    {
        _server.Script("train-0.tar", fault);
        _server.Script("train-1.tar", fault, fault);

        Assert.Equal(Enumerable.Range(0, 60), await ReadAsync(isIndexed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadEpoch_BrokenOff_AsksOnlyForTheRest(bool isIndexed)
    {
        _server.Script("train-1.tar", isIndexed ? [new HttpFault.None(), new HttpFault.BreakAfter(12_345)] : [new HttpFault.BreakAfter(12_345)]);

        await ReadAsync(isIndexed);

        Assert.Contains(_server.Requests, static request =>
            request.Path == "/train-1.tar" && request.Range is { } range && !range.StartsWith("bytes=0-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(404, StorageErrorKind.NotFound)]
    [InlineData(403, StorageErrorKind.PermissionDenied)]
    [InlineData(429, StorageErrorKind.Throttled)]
    [InlineData(503, StorageErrorKind.Unavailable)]
    public async Task ReadEpoch_FaultThatStays_IsOneTypedErrorBehindTheSamplesBefore(int status, StorageErrorKind kind)
    {
        _server.Script("train-1.tar", [.. Enumerable.Repeat(new HttpFault.Status(status), 100)]);

        var sequential = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(isIndexed: false));
        var indexed = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(isIndexed: true));

        Assert.Equal((kind, kind), (sequential.Kind, indexed.Kind));
        Assert.Contains("train-1.tar", sequential.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadEpoch_TarChangesInTheMiddle_IsOneTypedError()
    {
        _server.Script("train-1.tar", new HttpFault.ChangeTagAfter(12_345));

        var error = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(isIndexed: false));

        Assert.Equal(StorageErrorKind.PreconditionFailed, error.Kind);
    }

    [Fact]
    public async Task ReadEpoch_TarChangesInTheMiddleOfADownload_StartsItAgain()
    {
        _server.Script("train-1.tar", new HttpFault.None(), new HttpFault.ChangeTagAfter(12_345));

        Assert.Equal(Enumerable.Range(0, 60), await ReadAsync(isIndexed: true));
    }

    private Task<List<int>> ReadAsync(bool isIndexed) => isIndexed ? ReadIndexedAsync() : ReadSequentialAsync();

    private async Task<List<int>> ReadSequentialAsync()
    {
        var options = new TarStreamOptions
        {
            World = World.Single, StoreOptions = new() { TimeProvider = _time }, Retry = new RetryPolicy { Attempts = 5 },
        };
        await using var stream = await TarStream.OpenAsync($"{_server.Address}train-{{0..2}}.tar", options);
        var ids = new List<int>();
        await foreach (var sample in stream.ReadEpochAsync())
        {
            ids.Add((int)BitConverter.ToInt64(sample["id"].Span));
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"text {ids[^1]}"), System.Text.Encoding.UTF8.GetString(sample["txt"].Span));
            sample.Dispose();
        }

        return ids;
    }

    private async Task<List<int>> ReadIndexedAsync()
    {
        await using var dataset = await StreamingDataset.OpenAsync(
            [new DataStream { Remote = $"{_server.Address}train-{{0..2}}.tar", Local = _folder.Path }],
            new StreamingDatasetOptions { World = World.Single, TimeProvider = _time, DownloadRetry = 4 });
        var ids = new List<int>();
        for (var i = 0L; i < dataset.Count; i++)
        {
            using var sample = dataset[i];
            ids.Add((int)BitConverter.ToInt64(sample.Bytes("id")));
        }

        return ids;
    }
}
