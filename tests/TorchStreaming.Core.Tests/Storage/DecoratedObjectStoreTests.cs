// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>Both decorators keep the contract.</summary>
public sealed class DecoratedObjectStoreTests : ObjectStoreContractTests
{
    protected override IObjectStore Store { get; } =
        new ConcurrencyLimitedObjectStore(new RetryingObjectStore(new InMemoryObjectStore()), limit: 4);

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Store.DisposeAsync().AsTask();
}
