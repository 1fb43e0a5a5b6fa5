// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Storage;
using Xunit;

namespace TorchStreaming.TestKit;

/// <summary>What every store must do. A derived class makes an empty store and says how objects get into it;
/// one that needs a server says so with <see cref="RequiresVariableAttribute"/>.</summary>
public abstract class ObjectStoreContractTests : IAsyncLifetime
{
    /// <summary>Gets the store under test, made by <see cref="InitializeAsync"/>.</summary>
    protected abstract IObjectStore Store { get; }

    /// <summary>Gets whether the store writes, lists and deletes.</summary>
    protected virtual bool IsWritable => true;

    /// <summary>Gets whether the store lists.</summary>
    protected virtual bool CanList => IsWritable;

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    /// <summary>Puts an object where the store finds it.</summary>
    protected virtual async Task PutAsync(string key, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await Store.WriteAsync(key, stream);
    }

    [ContractFact(StandsForAll = true)]
    public async Task GetInfo_Object_HasKeyAndSize()
    {
        await PutAsync("a/b.bin", Bytes(1234));

        var info = await Store.GetInfoAsync("a/b.bin");

        Assert.Equal("a/b.bin", info.Key);
        Assert.Equal(1234, info.Size);
    }

    [ContractFact]
    public async Task GetInfo_NoObject_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<StorageException>(async () => await Store.GetInfoAsync("none"));

        Assert.Equal(StorageErrorKind.NotFound, error.Kind);
        Assert.False(error.IsTransient);
        Assert.Contains("none", error.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task GetInfo_FolderOfObjects_IsNotFound()
    {
        await PutAsync("folder/object", Bytes(3));

        await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await Store.GetInfoAsync("folder"));
        await ThrowsKindAsync(StorageErrorKind.NotFound, () => ReadAsync("folder"));
    }

    [ContractTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    public async Task OpenRead_WholeObject_GivesItsBytesAndFacts(int size)
    {
        var bytes = Bytes(size);
        await PutAsync("object", bytes);

        await using var content = await Store.OpenReadAsync("object");

        Assert.Equal(size, content.Info.Size);
        Assert.Equal(bytes, await ReadAsync(content));
        Assert.Equal((await Store.GetInfoAsync("object")).ETag, content.Info.ETag);
    }

    [ContractFact]
    public Task OpenRead_NoObject_IsNotFound() => ThrowsKindAsync(StorageErrorKind.NotFound, () => ReadAsync("none/at/all"));

    [ContractTheory]
    [InlineData(0, 1L, 0, 1)]
    [InlineData(0, 1000L, 0, 1000)]
    [InlineData(10, 20L, 10, 20)]
    [InlineData(999, 1L, 999, 1)]
    [InlineData(990, 100L, 990, 10)]
    [InlineData(5, null, 5, 995)]
    [InlineData(5, long.MaxValue - 5, 5, 995)]
    public async Task OpenRead_Range_GivesThoseBytesCutAtTheEnd(long offset, long? length, int start, int count)
    {
        var bytes = Bytes(1000);
        await PutAsync("object", bytes);

        await using var content = await Store.OpenReadAsync("object", new ByteRange(offset, length));

        Assert.Equal(bytes.AsSpan(start, count).ToArray(), await ReadAsync(content));
        Assert.Equal(1000, content.Info.Size);
    }

    [ContractTheory]
    [InlineData(1000, null)]
    [InlineData(1000, 1L)]
    [InlineData(5000, 10L)]
    public async Task OpenRead_RangeBeyondTheEnd_IsPreconditionFailed(long offset, long? length)
    {
        await PutAsync("object", Bytes(1000));

        await ThrowsKindAsync(StorageErrorKind.PreconditionFailed, () => ReadAsync("object", new ByteRange(offset, length)));
    }

    [ContractTheory]
    [InlineData(-1, null)]
    [InlineData(0, 0L)]
    [InlineData(0, -5L)]
    public async Task OpenRead_ImpossibleRange_IsArgumentError(long offset, long? length)
    {
        await PutAsync("object", Bytes(10));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => ReadAsync("object", new ByteRange(offset, length)));
    }

    [ContractFact]
    public async Task OpenRead_IfMatchOfTheObject_GivesItsBytes()
    {
        await PutAsync("object", Bytes(100));
        var tag = (await Store.GetInfoAsync("object")).ETag;

        Assert.Equal(Bytes(100)[50..], await ReadAsync("object", new ByteRange(50), tag));
    }

    [ContractFact]
    public async Task OpenRead_IfMatchOfAnEarlierObject_IsPreconditionFailed()
    {
        await PutAsync("object", Bytes(100));
        var tag = (await Store.GetInfoAsync("object")).ETag;
        await PutAsync("object", Bytes(101));

        await ThrowsKindAsync(StorageErrorKind.PreconditionFailed, () => ReadAsync("object", new ByteRange(50), tag));
        await ThrowsKindAsync(StorageErrorKind.PreconditionFailed, () => ReadAsync("object", null, tag));
    }

    [ContractTheory]
    [InlineData("plain")]
    [InlineData("deep/er/and/deeper/object.bin")]
    [InlineData("with space and+plus")]
    [InlineData("percent%20and#hash?and&question")]
    [InlineData("ünïcödé/数据")]
    [InlineData("dots..inside/.hidden")]
    public async Task OpenRead_UnusualKeys_AreTakenLiterally(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        await PutAsync(key, bytes);

        Assert.Equal(bytes, await ReadAsync(key));
        Assert.Equal(key, (await Store.GetInfoAsync(key)).Key);
    }

    [ContractTheory]
    [InlineData("")]
    [InlineData("/absolute")]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\..\\b")]
    [InlineData("line\nbreak")]
    [InlineData("nul\0")]
    public async Task AnyCall_TextThatIsNoKey_IsArgumentError(string key)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.GetInfoAsync(key));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.OpenReadAsync(key));
        if (IsWritable)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.WriteAsync(key, Stream.Null));
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.DeleteAsync(key));
        }
    }

    [ContractFact]
    public async Task AnyCall_CancelledToken_IsCancelled()
    {
        await PutAsync("object", Bytes(10));
        var canceled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.GetInfoAsync("object", canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.OpenReadAsync("object", cancellationToken: canceled));
    }

    [ContractFact]
    public async Task OpenRead_TokenCancelledAfterwards_EndsReads()
    {
        await PutAsync("object", Bytes(1_000_000));
        using var source = new CancellationTokenSource();
        await using var content = await Store.OpenReadAsync("object", cancellationToken: source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(content));
    }

    [ContractFact]
    public async Task OpenRead_ManyAtATime_GiveEachItsBytes()
    {
        var bytes = Bytes(100_000);
        await PutAsync("object", bytes);

        var reads = Enumerable.Range(0, 32).Select(async i => (i, Read: await ReadAsync("object", new ByteRange(i * 1000, 5000)))).ToList();

        foreach (var (i, read) in await Task.WhenAll(reads))
        {
            Assert.Equal(bytes.AsSpan(i * 1000, 5000).ToArray(), read);
        }
    }

    [ContractFact]
    public async Task Write_ExistingObject_ReplacesIt()
    {
        if (!IsWritable)
        {
            await ThrowsKindAsync(StorageErrorKind.NotSupported, async () => await Store.WriteAsync("object", Stream.Null));
            return;
        }

        await PutAsync("object", Bytes(1000));
        await PutAsync("object", Bytes(10));

        Assert.Equal(Bytes(10), await ReadAsync("object"));
    }

    [ContractFact]
    public async Task Write_ContentThatFails_LeavesTheOldObject()
    {
        if (!IsWritable)
        {
            return;
        }

        await PutAsync("folder/object", Bytes(10));

        await Assert.ThrowsAnyAsync<Exception>(async () => await Store.WriteAsync("folder/object", new BrokenStream(Bytes(500_000))));

        Assert.Equal(Bytes(10), await ReadAsync("folder/object"));
        Assert.Equal(["folder/object"], await ListAsync("folder/"));
    }

    [ContractFact]
    public async Task List_Prefix_GivesMatchingObjectsInOrdinalOrder()
    {
        if (!CanList)
        {
            await ThrowsKindAsync(StorageErrorKind.NotSupported, () => ListAsync(""));
            return;
        }

        foreach (var key in (string[])["b", "a/2", "a/10", "a/B", "ab/c", "A"])
        {
            await PutAsync(key, Encoding.UTF8.GetBytes(key));
        }

        Assert.Equal(["A", "a/10", "a/2", "a/B", "ab/c", "b"], await ListAsync(""));
        Assert.Equal(["a/10", "a/2", "a/B"], await ListAsync("a/"));
        Assert.Equal(["a/10", "a/2", "a/B", "ab/c"], await ListAsync("a"));
        Assert.Equal(["a/10"], await ListAsync("a/1"));
        Assert.Empty(await ListAsync("none"));
        Assert.Empty(await ListAsync("none/"));
    }

    [ContractFact]
    public async Task Delete_Object_IsGoneAndMayBeRepeated()
    {
        if (!IsWritable)
        {
            await ThrowsKindAsync(StorageErrorKind.NotSupported, async () => await Store.DeleteAsync("object"));
            return;
        }

        await PutAsync("object", Bytes(10));

        await Store.DeleteAsync("object");
        await Store.DeleteAsync("object");

        await ThrowsKindAsync(StorageErrorKind.NotFound, () => ReadAsync("object"));
    }

    /// <summary>Gets bytes that differ from place to place.</summary>
    protected static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Reads an object.</summary>
    protected async Task<byte[]> ReadAsync(string key, ByteRange? range = null, string? ifMatch = null)
    {
        await using var content = await Store.OpenReadAsync(key, range, ifMatch);
        return await ReadAsync(content);
    }

    /// <summary>Reads what is left of a content.</summary>
    protected static async Task<byte[]> ReadAsync(ObjectContent content)
    {
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>Asserts how a call fails.</summary>
    protected static async Task<StorageException> ThrowsKindAsync(StorageErrorKind kind, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<StorageException>(call);
        Assert.Equal(kind, error.Kind);
        return error;
    }

    private async Task<List<string>> ListAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var info in Store.ListAsync(prefix))
        {
            keys.Add(info.Key);
        }

        return keys;
    }

    private sealed class BrokenStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, count) is var read and > 0 ? read : throw new InvalidDataException("The source broke off.");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.Read(buffer.Span) is var read and > 0 ? new(read) : throw new InvalidDataException("The source broke off.");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new InvalidDataException("The source broke off.");
    }
}
