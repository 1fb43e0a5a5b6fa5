// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>Four shards in the bucket <c>imagenet</c>, and what goes wrong in a cluster while an epoch over them is read.</summary>
internal static class AISEpochFaults
{
    /// <summary>How many samples the shards have together.</summary>
    public const int SampleCount = 80;

    /// <summary>Puts the shards <c>0.tar</c> to <c>3.tar</c> there.</summary>
    public static void PutShards(AIStoreServer server)
    {
        for (var shard = 0; shard < 4; shard++)
        {
            server.Contents.Put("imagenet", $"{shard}.tar", AIStoreArchives.Tar(
                Enumerable.Range(0, 20).Select(i => ($"{shard}{i:d2}.bin", Bytes(3000 + i)))));
        }
    }

    /// <summary>Lets the next epoch go wrong. Each fault passes within the attempts of one read, but for <c>redirect loop</c> and
    /// <c>wrong checksum</c>, which pass after one failure.</summary>
    public static async Task ScriptAsync(AIStoreServer server, string fault)
    {
        static bool IsShard(AIStoreRequest request) => request.IsObject && request.Path.EndsWith(".tar", StringComparison.Ordinal);
        static bool IsShardAtProxy(AIStoreRequest request) => request.IsProxy && IsShard(request);
        static bool IsShardAtTarget(AIStoreRequest request) => request.IsTarget && IsShard(request);

        var loop = new AIStoreFault.Redirect($"{server.Endpoint}v1/objects/imagenet/2.tar?provider=ais");
        switch (fault)
        {
            case "redirect to itself once":
                server.Script(IsShardAtProxy, loop, skip: 1);
                break;
            case "redirect loop":
                server.Script(static request => IsShardAtProxy(request) && request.Path.EndsWith("/2.tar", StringComparison.Ordinal), loop, times: 5);
                break;
            case "target restart":
                var owner = server.Map.OwnerOf(AISBucketName.Create("imagenet"), "2.tar")!.Id;
                await server.StopTargetAsync(owner, forget: false);

                // All later requests wait for the one start: none uses up its attempts meanwhile.
                var start = new Lazy<Task>(() => server.StartTargetAsync(owner));
                server.Script(
                    static request => request is { IsProxy: true, IsObject: true },
                    new AIStoreFault.Before(() => start.Value),
                    times: int.MaxValue,
                    skip: 2);
                break;
            case "throttled":
                server.Script(IsShardAtTarget, new AIStoreFault.Status(429, 2), times: 2, skip: 1);
                break;
            case "reset":
                server.Script(IsShardAtTarget, new AIStoreFault.BreakAfter(30_000), times: 3);
                break;
            case "cut short":
                server.Script(IsShardAtTarget, new AIStoreFault.EndAfter(30_000), skip: 1);
                break;
            case "wrong checksum":
                server.Script(IsShardAtTarget, new AIStoreFault.FlipByte(20_000), skip: 1);
                break;
            default:
                // The page has an entry twice, one of a copy that does not count, and continues before its own end.
                int[] shards = [0, 1, 1, 2];
                var size = server.Contents.Find(AISBucketName.Create("imagenet"), "0.tar")!.Content.Length;
                var entries = string.Join(',', shards.Select(shard => $$"""{"name":"{{shard}}.tar","size":"{{size}}","flags":{{(shard == 2 ? 2 : 0)}}}"""));
                var page = $$"""{"uuid":"u","entries":[{{entries}}],"continuation_token":"1.tar"}""";
                server.Script(static request => request.IsList, new AIStoreFault.Body(Encoding.ASCII.GetBytes(page), "application/json"));
                break;
        }
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
