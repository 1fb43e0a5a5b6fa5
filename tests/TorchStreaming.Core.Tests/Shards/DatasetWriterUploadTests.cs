// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards;

public sealed class DatasetWriterUploadTests : IDisposable
{
    private static readonly Dictionary<string, string> Columns = new() { ["x"] = "int" };

    private static readonly DatasetWriterOptions ManyShards = new() { SizeLimit = 250 };

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CompleteAsync_IntoAStore_UploadsTheIndexLastAndKeepsNothingLocally()
    {
        await using var store = new InMemoryObjectStore();
        var watched = new WriteWatch(store);
        var output = DatasetOutput.ToStore(watched, _folder.Combine("staging"));
        await using (var writer = await MdsWriter.CreateAsync(output, Columns, ManyShards))
        {
            await WriteSamples(writer);
            Assert.DoesNotContain("index.json", watched.Written);
            await writer.CompleteAsync();
        }

        Assert.Equal("index.json", watched.Written[^1]);
        Assert.Equal(watched.Written.Count - 1, watched.Written.Count(static key => key.EndsWith(".mds", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(_folder.Combine("staging")));
    }

    [Fact]
    public async Task CompleteAsync_WithKeepLocal_GivesTheSameFilesInBothPlaces()
    {
        await using var store = new InMemoryObjectStore();
        await using (var writer = await MdsWriter.CreateAsync(
            DatasetOutput.ToStore(store, _folder.Combine("kept")), Columns, ManyShards with { KeepLocal = true }))
        {
            await WriteSamples(writer);
            await writer.CompleteAsync();
        }

        foreach (var file in Directory.GetFiles(_folder.Combine("kept")))
        {
            await using var content = await store.OpenReadAsync(Path.GetFileName(file));
            using var bytes = new MemoryStream();
            await content.Stream.CopyToAsync(bytes);
            Assert.Equal(await File.ReadAllBytesAsync(file), bytes.ToArray());
        }
    }

    [Fact]
    public async Task DisposeAsync_WithoutComplete_RemovesWhatWasUploaded()
    {
        await using var store = new InMemoryObjectStore();
        var output = DatasetOutput.ToStore(store, _folder.Combine("staging"));
        await using (var writer = await MdsWriter.CreateAsync(output, Columns, ManyShards))
        {
            await WriteSamples(writer);
        }

        Assert.Empty(await store.ListAsync().ToListAsync());
        Assert.False(Directory.Exists(_folder.Combine("staging")));
    }

    [Fact]
    public async Task WriteAsync_AfterAFailedUpload_ThrowsTheFailureAndNothingIsPublished()
    {
        await using var store = new InMemoryObjectStore();
        var failing = new WriteWatch(store)
        {
            BeforeWrite = static key => key.StartsWith("shard.00002", StringComparison.Ordinal)
                ? throw new StorageException(StorageErrorKind.PermissionDenied, "store", "no")
                : Task.CompletedTask,
        };
        await using (var writer = await MdsWriter.CreateAsync(DatasetOutput.ToStore(failing), Columns, ManyShards))
        {
            var exception = await Assert.ThrowsAsync<StorageException>(async () =>
            {
                await WriteSamples(writer);
                await writer.CompleteAsync();
            });
            Assert.Equal(StorageErrorKind.PermissionDenied, exception.Kind);
            await Assert.ThrowsAsync<StorageException>(async () => await WriteSamples(writer));
        }

        Assert.Empty(await store.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task CreateAsync_StoreWithADataset_IsRefusedUnlessExistOk()
    {
        await using var store = new InMemoryObjectStore();
        store.Write("index.json", "{}"u8.ToArray());

        var output = DatasetOutput.ToStore(store);
        var exception = await Assert.ThrowsAsync<StorageException>(async () => await MdsWriter.CreateAsync(output, Columns));
        await using var writer = await MdsWriter.CreateAsync(output, Columns, new DatasetWriterOptions { ExistOk = true });

        Assert.Equal(StorageErrorKind.PreconditionFailed, exception.Kind);
        Assert.Empty(await store.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task WriteAsync_CancelledWhileItWaits_LosesOnlyThatSample()
    {
        var started = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using var store = new InMemoryObjectStore();
        var slow = new WriteWatch(store)
        {
            BeforeWrite = _ =>
            {
                started.TrySetResult();
                return gate.Task;
            },
        };
        var options = ManyShards with { MaxConcurrentShards = 1, MaxConcurrentUploads = 1 };
        await using var writer = await MdsWriter.CreateAsync(DatasetOutput.ToStore(slow), Columns, options);
        using var cancel = new CancellationTokenSource();

        // The first shard's upload is held back, the second shard waits for it with the only slot, so the third cannot be handed on.
        await WriteShard(writer);
        await WriteShard(writer);
        await started.Task;
        await WriteShard(writer);
        var waiting = writer.WriteAsync(new Dictionary<string, object?> { ["x"] = -1 }, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.SetResult();
        await writer.WriteAsync(new Dictionary<string, object?> { ["x"] = 0 });
        var index = await writer.CompleteAsync();

        Assert.Equal(writer.SampleCount, index.SampleCount);
        Assert.Equal(4, index.Shards.Length);
    }

    /// <summary>Writes as many samples as one shard takes; the first of them hands the shard before on.</summary>
    private static async Task WriteShard(MdsWriter writer)
    {
        const int samplesPerShard = 7;
        for (var i = 0; i < samplesPerShard; i++)
        {
            await writer.WriteAsync(new Dictionary<string, object?> { ["x"] = i });
        }
    }

    private static async Task WriteSamples(MdsWriter writer)
    {
        for (var i = 0; i < 60; i++)
        {
            await writer.WriteAsync(new Dictionary<string, object?> { ["x"] = i });
        }
    }
}
