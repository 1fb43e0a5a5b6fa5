// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Faults;

/// <summary>What goes wrong in one round: a function of its seed.</summary>
/// <remarks>Every file has fewer faults that pass than it has attempts, so that a round without a fault that stays must deliver.</remarks>
internal sealed class FaultSchedule
{
    /// <summary>The attempts that a file has.</summary>
    public const int Attempts = 12;

    /// <summary>The compressions that rounds choose from.</summary>
    public static readonly string?[] Compressions = [null, "gz", "br:1"];

    private const int MostFaultsOfAFile = 6;

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Draws a round.</summary>
    public FaultSchedule(int seed)
    {
        Seed = seed;

        // Neighboring seeds make neighboring numbers; multiplied they are far apart.
        var random = new Random(unchecked((int)(seed * 2654435761U)));
        Compression = Compressions[random.Next(Compressions.Length)];
        HasHash = random.Next(3) > 0;
        Threads = random.Next(4);
        BatchSize = 1 + random.Next(40);
        Shuffle = random.Next(2) == 0;
        IsLimited = random.Next(2) == 0;
        KeepZip = random.Next(2) == 0;
        IsFatal = random.Next(5) == 0;
        Random = random;
    }

    public int Seed { get; }

    public string? Compression { get; }

    public bool HasHash { get; }

    public int Threads { get; }

    public int BatchSize { get; }

    public bool Shuffle { get; }

    public bool IsLimited { get; }

    public bool KeepZip { get; }

    /// <summary>Gets whether something stays broken, so that the epoch must end in a typed failure.</summary>
    public bool IsFatal { get; }

    /// <summary>Gets how often each fault was put into a script, by its name.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    private Random Random { get; }

    /// <summary>Puts the faults into a server's scripts.</summary>
    public void Apply(ScriptedHttpServer server, IReadOnlyList<ShardInfo> shards)
    {
        server.HonorsRanges = Random.Next(4) > 0;
        server.HonorsIfMatch = Random.Next(4) > 0;
        server.SendsTags = Random.Next(4) > 0;
        server.SendsLengths = Random.Next(4) > 0;
        server.Pace = Random.Next(3) switch
        {
            0 => new ServerPace(TimeSpan.FromMilliseconds(Random.Next(20))),
            1 => new ServerPace(default, 4000, TimeSpan.FromMilliseconds(1 + Random.Next(3))),
            _ => default,
        };
        ScriptFile(server, DatasetIndex.FileName, isChecked: false);
        foreach (var shard in shards)
        {
            ScriptFile(server, shard.Files[0].Stored.Basename, isChecked: HasHash);
        }
    }

    /// <summary>Breaks one shard for good, as far as the server goes.</summary>
    /// <returns>What repairs it.</returns>
    public Action BreakForGood(ScriptedHttpServer server, IReadOnlyList<ShardInfo> shards, Func<string, byte[]> read)
    {
        var name = shards[Random.Next(shards.Count)].Files[0].Stored.Basename;
        var whole = read(name);
        switch (Random.Next(HasHash ? 4 : 3))
        {
            case 0:
                Count("vanished");
                server.Remove(name);
                break;
            case 1:
                Count("short for good");
                server.Put(name, whole[..^(1 + Random.Next(whole.Length - 1))]);
                break;
            case 2:
                Count("long for good");
                server.Put(name, [.. whole, .. new byte[1 + Random.Next(5000)]]);
                break;
            default:
                Count("flipped for good");
                var flipped = (byte[])whole.Clone();
                flipped[Random.Next(flipped.Length)] ^= (byte)(1 << Random.Next(8));
                server.Put(name, flipped);
                break;
        }

        return () => server.Put(name, whole);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}: {Compression ?? "plain"}{(HasHash ? ", hash" : "")}{(IsLimited ? ", limit" : "")}{(KeepZip ? ", keep zip" : "")}"
            + $"{(Shuffle ? ", shuffle" : "")}, {Threads} threads, batches of {BatchSize}, "
            + $"{string.Join(' ', _counts.Select(static pair => $"{pair.Key}={pair.Value}"))}");

    private void ScriptFile(ScriptedHttpServer server, string name, bool isChecked)
    {
        var isIndex = name == DatasetIndex.FileName;
        var left = Random.Next(isIndex ? 3 : MostFaultsOfAFile + 1);
        while (left-- > 0)
        {
            var fault = Draw(isChecked, isIndex);
            Count(fault is HttpFault.Status status ? status.Code.ToString(CultureInfo.InvariantCulture) : fault.GetType().Name);
            server.Script(name, fault);
        }
    }

    private HttpFault Draw(bool isChecked, bool isIndex) => Random.Next(isChecked ? 10 : isIndex ? 7 : 9) switch
    {
        0 => new HttpFault.Status(429, Random.Next(2) == 0 ? null : Random.Next(1, 6)),
        1 => new HttpFault.Status(500),
        2 => new HttpFault.Status(503, Random.Next(2) == 0 ? null : Random.Next(1, 6)),
        3 => new HttpFault.Reset(),
        4 => new HttpFault.BreakAfter(Random.Next(12000)),
        5 => new HttpFault.ChangeTagAfter(Random.Next(12000)),
        6 when Random.Next(6) == 0 => new HttpFault.StallAfter(Random.Next(12000)),
        6 => new HttpFault.Status(504),
        7 => new HttpFault.WrongLength(-1 - Random.Next(3000)),
        8 => new HttpFault.WrongLength(1 + Random.Next(3000)),
        _ => new HttpFault.FlipByte(Random.Next(12000)),
    };

    private void Count(string fault) => _counts[fault] = _counts.GetValueOrDefault(fault) + 1;
}
