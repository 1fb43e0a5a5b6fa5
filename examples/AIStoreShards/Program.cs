// SPDX-License-Identifier: MIT

using AIStoreShards;
using TorchStreaming.Storage;

if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AIS_ENDPOINT")))
{
    Console.Error.WriteLine("AIS_ENDPOINT is not set. Set it to the address of a proxy of the cluster, such as http://gateway:8080.");
    return 1;
}

var client = new AISClient();
Console.WriteLine($"Cluster at {client.Endpoint}");

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

return 0;
