// SPDX-License-Identifier: MIT

namespace TorchStreaming.Tests.Storage;

/// <summary>The same contract on a plain server: no ranges, no <c>If-Match</c>, no HEAD.</summary>
public sealed class HttpObjectStoreWithoutRangesTests : HttpObjectStoreTests
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Server.HonorsRanges = false;
        Server.HonorsIfMatch = false;
        Server.SupportsHead = false;
    }
}
