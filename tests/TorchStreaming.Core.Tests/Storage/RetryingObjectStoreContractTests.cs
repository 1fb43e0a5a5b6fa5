// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>A store with retries around it keeps the contract.</summary>
public sealed class RetryingObjectStoreContractTests : ObjectStoreContractTests
{
    protected override IObjectStore Store { get; } = new RetryingObjectStore(new InMemoryObjectStore());

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Store.DisposeAsync().AsTask();
}
