// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Text;
using TorchStreaming.Loading;
using TorchStreaming.Shards;

namespace TorchStreaming.Datasets;

/// <summary>Groups the members of one tar into samples while it is read from front to back.</summary>
/// <remarks>Holds one sample at a time under WebDataset's rule, the whole tar under AIStore's, whose samples are complete only at the
/// end. Not thread-safe.</remarks>
internal sealed class TarSampleReader(TarStreamReader reader, string shard, TarOptions options)
{
    private const int ReadLength = 1 << 20;

    private readonly TarFieldNames _names = new(options.KeyRule);
    private readonly Dictionary<string, TarSample>? _byKey =
        options.KeyRule == TarKeyRule.AIStore ? new(StringComparer.Ordinal) : null;

    private byte[] _key = [];
    private TarSample? _current;
    private bool _isSkipped;

    /// <summary>Reads the samples.</summary>
    /// <param name="wanted">Says of a sample, by its place in the tar, whether its contents are read; others come as
    /// <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<TarSample?> ReadAsync(
        Func<long, bool> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_byKey is not null)
        {
            await foreach (var sample in ReadWholeAsync(wanted, cancellationToken).ConfigureAwait(false))
            {
                yield return sample;
            }

            yield break;
        }

        var place = -1L;
        while (await reader.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (reader.Kind != TarMemberKind.File || !TarKey.TryParse(reader.Name, options.KeyRule, out var parts))
            {
                continue;
            }

            if (place < 0 || !reader.Name[parts.Key].SequenceEqual(_key))
            {
                if (place >= 0)
                {
                    yield return TakeCurrent();
                }

                place++;
                _key = reader.Name[parts.Key].ToArray();
                _isSkipped = !wanted(place);
                _current = _isSkipped ? null : new TarSample(shard, Encoding.UTF8.GetString(_key));
            }

            if (_current is not null)
            {
                await AddFieldAsync(_current, parts, cancellationToken).ConfigureAwait(false);
            }
        }

        if (place >= 0)
        {
            yield return TakeCurrent();
        }
    }

    private TarSample? TakeCurrent()
    {
        var sample = _current;
        _current = null;
        return sample;
    }

    private async IAsyncEnumerable<TarSample?> ReadWholeAsync(
        Func<long, bool> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var samples = new List<TarSample>();
        while (await reader.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (reader.Kind != TarMemberKind.File || !TarKey.TryParse(reader.Name, options.KeyRule, out var parts))
            {
                continue;
            }

            var key = Encoding.UTF8.GetString(reader.Name[parts.Key]);
            if (!_byKey!.TryGetValue(key, out var sample))
            {
                sample = new TarSample(shard, key);
                _byKey.Add(key, sample);
                samples.Add(sample);
            }

            await AddFieldAsync(sample, parts, cancellationToken).ConfigureAwait(false);
        }

        for (var i = 0; i < samples.Count; i++)
        {
            if (!wanted(i))
            {
                samples[i].Dispose();
            }

            yield return wanted(i) ? samples[i] : null;
        }
    }

    private async ValueTask AddFieldAsync(TarSample sample, TarKey parts, CancellationToken cancellationToken)
    {
        var name = _names.Get(reader.Name[parts.Field]) ?? throw Fail(
            $"its samples have more than {TarFieldNames.Limit} different fields. "
            + $"Are keys and fields split by the right rule ({options.KeyRule})?");
        if (!options.Fields.IsEmpty && !options.Fields.Contains(name))
        {
            return;
        }

        if (name == TarOptions.KeyColumn)
        {
            throw Fail($"a member has the extension '{name}', which stands for the key.");
        }

        if (options.KeyRule == TarKeyRule.WebDataset && sample.Has(name))
        {
            throw Fail(
                $"the sample '{sample.Key}' has the field '{name}' twice. Names that differ in case alone, or a tar written twice over, "
                + "do this.");
        }

        if (reader.Size > int.MaxValue)
        {
            throw Fail($"the field '{name}' of sample '{sample.Key}' has {reader.Size} bytes; a field has at most {int.MaxValue}.");
        }

        // Memory grows with what is there, not with what a header promises.
        var size = (int)reader.Size;
        var length = 0;
        while (length < size)
        {
            var room = sample.Reserve(length, Math.Min(size - length, Math.Max(ReadLength, length)));
            while (!room.IsEmpty)
            {
                var count = await reader.ReadAsync(room, cancellationToken).ConfigureAwait(false);
                room = room[count..];
                length += count;
            }
        }

        sample.Add(name, size);
    }

    private ShardFormatException Fail(string problem) => new(new ShardLocation(shard, reader.ContentOffset), problem);
}
