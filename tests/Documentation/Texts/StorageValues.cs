// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Storage;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Object stores, and what AIStore has of its own.</summary>
internal static class StorageValues
{
    public static void AddTo(PrintedTable table)
    {
        AddStores(table);
        AddAIStore(table);
    }

    private static void AddStores(PrintedTable table)
    {
        var resolver = table.Add(new ObjectStoreResolver(), "Opens paths and file, hf, http, https");
        table.Add(resolver.Open(table.Combine("data")), "~/data");
        table.Add(resolver.Open("https://user:hunter2@host/data?sig=hunter2"), "https://host/data");
        table.Add(resolver.Open("hf://datasets/owner/name/train"), "hf://datasets/owner/name/train");
        resolver.AddS3(new() { AccessKey = "id", SecretKey = "hunter2", Region = "eu-west-1" }).AddGoogleCloud(new() { Anonymous = true })
            .AddAzure(new() { AccountName = "account", AccountKey = "aHVudGVyMg==" }).AddAIStore();
        table.Add(resolver.Open("s3://bucket/data"), "s3://bucket/data");
        table.Add(resolver.Open("gs://bucket/data"), "gs://bucket/data");
        table.Add(resolver.Open("az://container/data"), "az://container/data");
        table.Add(resolver.Open("ais://images/train"), "ais://images/train");
        table.Add(new ObjectContent(new ObjectInfo("a/b", 3, null, null), new MemoryStream([1, 2, 3])), "a/b (3 bytes)");
        table.Add(HttpCredential.Bearer("hunter2"), "Bearer (hidden)");
        table.Add(new HuggingFaceStoreOptions { Token = "hunter2" }, "HuggingFaceStoreOptions { Endpoint = , Anonymous = False }");
        table.Add(new S3StoreOptions { AccessKey = "id", SecretKey = "hunter2" }, "S3StoreOptions { Endpoint = , Region = , Anonymous = , AccessKey = set }");
        table.Add(new AzureStoreOptions { AccountKey = "aHVudGVyMg==" }, "AzureStoreOptions { Endpoint = , AccountName = , Anonymous =  }");
        table.Add(new GoogleCloudStoreOptions { Anonymous = true }, "GoogleCloudStoreOptions { Endpoint = , Anonymous = True, UserProject =  }");
    }

    private static void AddAIStore(PrintedTable table)
    {
        var client = table.Add(
            new AISClient(table.Cluster.Endpoint.ToString(), new() { Token = "hunter2" }), "Client of the cluster at http://cluster");
        table.Add(new AISClientOptions { Token = "hunter2" }, "AISClientOptions { Endpoint =  }");
        var bucket = table.Add(client.Bucket("images"), "ais://images");
        table.Add(new AISNamespace("uuid", "team"), "@uuid#team");
        table.Add(bucket.Object("train/0.bin"), "ais://images/train/0.bin");
        table.Add(bucket.Objects(["a", "b"]), "ais://images (2 objects)");
        table.Add(AISWorker.Single, "Share 0 of 1");
        var prefixes = table.Add(new AISPrefixMap { { bucket, "train/", "test/" } }, "ais://images: train/, test/");
        table.Add(new AISPrefixMap(), "everything");
        table.Add(
            new AISStreamOptions { PrefixMap = prefixes, Shuffle = true },
            "AISStreamOptions: ais://images: train/, test/, share 0 of 1, shuffled with seed 9176");
        table.Add(new DataShard(bucket, "train/"), "ais://images: train/");
        table.Add(new AISStreamState(1, 5, 1, 0, 4, 9176, ["jpg", "cls"]), "State: epoch 1, 5 objects of its share done");
        table.Add(new AISItem("train/0.bin", new byte[3]), "train/0.bin (3 bytes)");
        var fields = new Dictionary<string, ReadOnlyMemory<byte>> { ["jpg"] = new byte[3], ["cls"] = default };
        table.Add(new AISShardSample("0", fields), "Sample '0': jpg (3 bytes), cls (0 bytes)");
    }
}
