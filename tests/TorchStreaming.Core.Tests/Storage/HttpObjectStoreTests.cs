// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public class HttpObjectStoreTests : ObjectStoreContractTests
{
    private ScriptedHttpServer _server = null!;
    private HttpObjectStore _store = null!;

    protected override IObjectStore Store => _store;

    protected override bool IsWritable => false;

    protected ScriptedHttpServer Server => _server;

    public override async Task InitializeAsync()
    {
        _server = await ScriptedHttpServer.StartAsync();
        _store = new HttpObjectStore(new Uri(_server.Address, "data%20set/"));
    }

    public override async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    protected override Task PutAsync(string key, byte[] content)
    {
        _server.Put($"data set/{key}", content);
        return Task.CompletedTask;
    }
}
