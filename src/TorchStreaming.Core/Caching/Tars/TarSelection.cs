// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>Chooses the fields and samples of tars that the options ask for.</summary>
internal static class TarSelection
{
    /// <summary>Applies the options to an index.</summary>
    /// <exception cref="ArgumentException">A field is asked for that no sample has.</exception>
    /// <exception cref="ShardFormatException">A sample lacks a field and must not.</exception>
    /// <exception cref="NotSupportedException">Samples were to be looked at whose tables are with the tars.</exception>
    public static DatasetIndex Apply(DatasetIndex index, TarOptions tars)
    {
        var fields = index.Shards.SelectMany(static shard => shard.Schema.Columns).Select(static column => column.Name)
            .Where(static name => name != TarOptions.KeyColumn).Distinct().ToArray();
        if (tars.Fields.Concat(tars.Encodings.Keys).FirstOrDefault(name => !fields.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"No sample has the field '{unknown}'. There are {string.Join(", ", fields)}.", nameof(tars));
        }

        if (tars.Fields.IsEmpty && tars.Encodings.IsEmpty && tars.MissingFields == TarMissingFields.Empty)
        {
            return index;
        }

        var wanted = tars.Fields.IsEmpty ? [.. fields] : tars.Fields;
        var schema = new ShardSchema(
            ShardFormats.Tar,
            [
                new(TarOptions.KeyColumn, "str", null),
                .. wanted.Select(name => new ShardColumn(name, tars.Encodings.GetValueOrDefault(name, "bytes"), null)),
            ]);
        return new DatasetIndex([.. index.Shards.Select(shard => Select(shard, schema, wanted, tars.MissingFields))]);
    }

    private static ShardInfo Select(ShardInfo shard, ShardSchema schema, ImmutableArray<string> wanted, TarMissingFields policy)
    {
        var samples = policy == TarMissingFields.Empty ? null : FindComplete(shard, wanted, policy);
        return new ShardInfo
        {
            Schema = schema,
            SampleCount = samples?.Length ?? shard.SampleCount,
            Files = shard.Files,
            Compression = shard.Compression,
            Hashes = shard.Hashes,
            TarSamples = shard.TarSamples is { } source ? source with { Samples = samples } : null,
        };
    }

    private static int[]? FindComplete(ShardInfo shard, ImmutableArray<string> wanted, TarMissingFields policy)
    {
        var source = shard.TarSamples ?? throw new NotSupportedException(
            $"{nameof(TarOptions.MissingFields)} is {policy}, but the tables of samples are with the tars and are fetched one by one. "
            + $"Leave it at {nameof(TarMissingFields.Empty)}.");
        using var table = TarTable.Open(source.Table);
        int[] columns = [.. wanted.Select(name => table.Columns.IndexOf(name))];
        var complete = new List<int>(table.SampleCount);
        for (var sample = 0; sample < table.SampleCount; sample++)
        {
            var missing = table.FindMissing(sample, columns);
            if (missing >= 0 && policy == TarMissingFields.Throw)
            {
                throw new ShardFormatException(
                    new ShardLocation(shard.Files[^1].Raw.Basename, Sample: sample, Column: wanted[missing]),
                    $"the sample '{Encoding.UTF8.GetString(table.GetKey(table.GetRecord(sample)))}' has no such field.");
            }

            if (missing < 0)
            {
                complete.Add(sample);
            }
        }

        return complete.Count == table.SampleCount ? null : [.. complete];
    }
}
