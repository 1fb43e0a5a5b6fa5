// SPDX-License-Identifier: MIT

using AIStoreShards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

var isReal = Environment.GetEnvironmentVariable("AIS_ENDPOINT") is { Length: > 0 };
await using var standIn = isReal ? null : await AIStoreServer.StartAsync();
var client = new AISClient(standIn?.Endpoint.AbsoluteUri);
Console.WriteLine($"Cluster at {client.Endpoint}{(isReal ? "" : " (a stand-in on this machine; set AIS_ENDPOINT for a real one)")}");

var bucket = client.Bucket($"torchstreaming-{Guid.NewGuid():N}"[..32]);
await bucket.CreateAsync();
try
{
    var written = await SyntheticShards.WriteAsync(bucket, shards: 8, samplesPerShard: 250);
    Console.WriteLine($"Wrote {written} samples in 8 shards to {bucket}");
    await ShardTour.RunAsync(bucket, written);
}
finally
{
    await bucket.DeleteAsync(missingOk: true);
}
