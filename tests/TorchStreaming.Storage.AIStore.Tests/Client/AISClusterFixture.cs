// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>A cluster and a client whose waits pass at once.</summary>
public abstract class AISClusterFixture : IAsyncLifetime
{
    protected static readonly byte[] Cat = "cat01"u8.ToArray();

    protected AIStoreServer Server { get; private set; } = null!;

    protected AISClient Client { get; private set; } = null!;

    protected AISBucket Bucket { get; private set; } = null!;

    protected PassingTimeProvider Time { get; } = new() { PassAtOnce = TimeSpan.FromSeconds(35) };

    protected AISClientOptions Options => Server.ClientOptions with
    {
        TimeProvider = Time,
        Retry = new RetryPolicy { Attempts = 5 },
    };

    public virtual async Task InitializeAsync()
    {
        Server = await AIStoreServer.StartAsync();
        Server.Contents.CreateBucket(AISBucketName.Create("imagenet"));
        Client = new AISClient(null, Options);
        Bucket = Client.Bucket("imagenet");
    }

    public virtual async Task DisposeAsync() => await Server.DisposeAsync();

    protected static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    protected static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    protected static async Task<StorageException> ThrowsKindAsync(StorageErrorKind kind, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<StorageException>(call);
        Assert.Equal(kind, error.Kind);
        return error;
    }
}
