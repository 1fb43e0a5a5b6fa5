// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Reflection;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class RetryingObjectStoreAllocationTests
{
    private const int Reads = 64;
    private const int ReadSize = 16 << 10;

    // Without optimization the compiler makes an object of each asynchronous method's state: four on the way of a read.
    private static readonly int Allowed = typeof(RetryingObjectStore).Assembly
        .GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true } ? 1024 : 0;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Read_ManyTimes_AllocatesNoTokenSource(bool opensWithToken, bool readsWithToken)
    {
        using var opening = new CancellationTokenSource();
        using var reading = new CancellationTokenSource();
        var inner = new InMemoryObjectStore();
        inner.Write("object", new byte[(8 * Reads * ReadSize) + 1]);
        await using var store = new RetryingObjectStore(inner);
        await using var content = await store.OpenReadAsync(
            "object", cancellationToken: opensWithToken ? opening.Token : CancellationToken.None);
        var buffer = new byte[ReadSize];
        void Read()
        {
            for (var i = 0; i < Reads; i++)
            {
                var read = content.Stream.ReadAsync(buffer, readsWithToken ? reading.Token : CancellationToken.None);
                Assert.True(read.IsCompletedSuccessfully);
                Assert.Equal(ReadSize, read.GetAwaiter().GetResult());
            }
        }

        Read();
        var allocated = ThreadAllocations.LeastOf(Read);

        Assert.True(allocated <= Reads * Allowed, $"{(double)allocated / Reads} bytes per read");
    }
}
