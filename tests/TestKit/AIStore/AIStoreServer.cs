// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Globalization;
using TorchStreaming.Storage;

namespace TorchStreaming.TestKit;

/// <summary>A small AIStore cluster on loopback: a proxy, targets and a transform's server, each on a port of its own, over one store in
/// memory. It answers as the protocol says, traps included, or as its script says. Thread-safe.</summary>
public sealed class AIStoreServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<AIStoreRequest> _requests = new();
    private readonly ConcurrentDictionary<string, AIStoreNode> _targets = new();
    private readonly List<AIStoreScript> _scripts = [];
    private AIStoreNode _proxy = null!;
    private AIStoreNode _transformer = null!;
    private long _mapVersion = 7;
    private long _mark;

    private AIStoreServer()
    {
    }

    /// <summary>Gets the proxy's address.</summary>
    public Uri Endpoint => new(_proxy.Address);

    /// <summary>Gets what a client of this cluster needs. The default patience with a connection, three seconds of the system's clock, is the one
    /// wait that no test can move; a busy machine takes longer to notice that it is.</summary>
    public AISClientOptions ClientOptions => new() { Endpoint = Endpoint, ConnectTimeout = TimeSpan.FromMinutes(5) };

    /// <summary>Gets the store.</summary>
    public AIStoreContents Contents { get; } = new();

    /// <summary>Gets the requests so far, oldest first.</summary>
    public IReadOnlyList<AIStoreRequest> Requests => [.. _requests];

    /// <summary>Gets or sets the token that the proxy asks for; null for none.</summary>
    public string? RequiredToken { get; set; }

    /// <summary>Gets or sets how many entries a page of a listing has at most.</summary>
    public int MaxPageSize { get; set; } = 10_000;

    /// <summary>Gets or sets how many items of a batch may be missing.</summary>
    public int MaxSoftErrors { get; set; } = 8;

    /// <summary>Gets or sets what transforms there are; null for a cluster that is built without.</summary>
    public Dictionary<string, Func<byte[], string?, byte[]>>? Transforms { get; set; } = [];

    /// <summary>Gets or sets whether targets send reads with transforms on to the transform's server.</summary>
    public bool PullsTransforms { get; set; }

    /// <summary>Gets or sets the host that redirects name instead of the targets' own; null for their own.</summary>
    public string? AdvertisedHost { get; set; }

    /// <summary>Gets or sets whether the cluster is still starting.</summary>
    public bool IsStarting { get; set; }

    /// <summary>Gets the map of the cluster.</summary>
    internal AISClusterMap Map => new(
        Interlocked.Read(ref _mapVersion),
        "mKj2b0WzQ",
        [NodeOf(_proxy)],
        [.. _targets.Values.OrderBy(static node => node.Id, StringComparer.Ordinal).Select(NodeOf)]);

    /// <summary>Starts a cluster on free ports.</summary>
    /// <param name="targets">How many targets: t1, t2 and so on.</param>
    public static async Task<AIStoreServer> StartAsync(int targets = 2)
    {
        var server = new AIStoreServer();
        var proxy = new AIStoreProxy(server);
        server._proxy = await AIStoreNode.StartAsync("p1", server.Watched(proxy.AnswerAsync));
        server._transformer = await AIStoreNode.StartAsync("x1", server.Watched(new AIStoreTarget(server).TransformAsync));
        for (var i = 1; i <= targets; i++)
        {
            await server.StartTargetAsync(string.Create(CultureInfo.InvariantCulture, $"t{i}"));
        }

        return server;
    }

    /// <summary>Adds a target, which takes over its share of the objects.</summary>
    public async Task StartTargetAsync(string id)
    {
        _targets[id] = await AIStoreNode.StartAsync(id, Watched(new AIStoreTarget(this).AnswerAsync));
        Interlocked.Increment(ref _mapVersion);
    }

    /// <summary>Stops a target.</summary>
    /// <param name="id">The target.</param>
    /// <param name="forget">Whether the cluster knows; otherwise the proxy still sends requests there.</param>
    public async Task StopTargetAsync(string id, bool forget)
    {
        var node = _targets[id];
        if (forget)
        {
            _targets.TryRemove(id, out _);
            Interlocked.Increment(ref _mapVersion);
        }

        await node.DisposeAsync();
    }

    /// <summary>Says how some of the next requests are answered.</summary>
    /// <param name="match">Which.</param>
    /// <param name="fault">How.</param>
    /// <param name="times">How many of them.</param>
    /// <param name="skip">How many of them are answered well before.</param>
    public void Script(Func<AIStoreRequest, bool> match, AIStoreFault fault, int times = 1, int skip = 0)
    {
        lock (_scripts)
        {
            _scripts.Add(new AIStoreScript(match, fault) { Skip = skip, Times = times });
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _targets.Values.Append(_proxy).Append(_transformer))
        {
            await node.DisposeAsync();
        }
    }

    internal string TransformerAddress => _transformer.Address;

    /// <summary>Gets the target that owns an object, and the address that redirects name.</summary>
    internal (AISNode Node, string Address)? OwnerOf(AISBucketName bucket, string name)
    {
        if (Map.OwnerOf(bucket, name) is not { } owner)
        {
            return null;
        }

        var address = new UriBuilder(owner.Address);
        address.Host = AdvertisedHost ?? address.Host;
        return (owner, address.Uri.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>Gets what redirects add to a query.</summary>
    internal string NewMarks() =>
        string.Create(CultureInfo.InvariantCulture, $"pid=p1&utm={Interlocked.Increment(ref _mark):x8}");

    private static AISNode NodeOf(AIStoreNode node) => new(node.Id, AISClusterMap.DigestOf(node.Id), node.Address, 0);

    private Func<AIStoreCall, Task> Watched(Func<AIStoreCall, Task> answer) => call =>
    {
        _requests.Enqueue(call.Request);
        AIStoreScript? script;
        lock (_scripts)
        {
            script = _scripts.Find(candidate => candidate.Times > 0 && candidate.Match(call.Request));
            if (script is { Skip: > 0 })
            {
                script.Skip--;
                script = null;
            }
            else if (script is not null)
            {
                script.Times--;
            }
        }

        return script is null ? answer(call) : AIStoreFaults.AnswerAsync(call, script.Fault, answer);
    };
}
