// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Imaging;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Looks for what is wrong with one shard. Not thread-safe.</summary>
internal sealed class ShardVerifier
{
    private readonly ShardInfo _shard;
    private readonly long _firstSample;
    private readonly DatasetVerifierOptions _options;
    private readonly List<DatasetProblem> _problems = [];
    private readonly FieldEncoding?[] _encodings;
    private long _unnamedProblems;

    /// <summary>Creates the verifier.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="firstSample">The number of its first sample in the dataset.</param>
    /// <param name="options">How thorough to be.</param>
    public ShardVerifier(ShardInfo shard, long firstSample, DatasetVerifierOptions options)
    {
        _shard = shard;
        _firstSample = firstSample;
        _options = options;
        _encodings =
        [
            .. Enumerable.Range(0, shard.Schema.Columns.Length).Select(column => FieldEncodings.FindForColumn(shard.Schema, column)),
        ];
    }

    /// <summary>Gets the number of samples that were looked at.</summary>
    public int CheckedSamples { get; private set; }

    /// <summary>Gets the number of bytes of the stored files that were there.</summary>
    public long CheckedBytes { get; private set; }

    /// <summary>Gets what was found, in the order of the samples.</summary>
    public IReadOnlyList<DatasetProblem> Problems => _problems;

    /// <summary>Does the work.</summary>
    /// <param name="stage">Brings the files.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async ValueTask RunAsync(ShardStage stage, CancellationToken cancellationToken)
    {
        var files = new List<StagedFile>();
        try
        {
            foreach (var file in _shard.Files)
            {
                await TryAsync(file.Stored.Basename, async () =>
                {
                    files.Add(await stage.OpenAsync(_shard, file, _options.Hashes, cancellationToken).ConfigureAwait(false));
                    CheckedBytes += files[^1].StoredBytes;
                }).ConfigureAwait(false);
            }

            if (files.Count == _shard.Files.Length)
            {
                CheckColumns();
                CheckSamples([.. files.Select(static file => file.Path)], cancellationToken);
            }
        }
        finally
        {
            files.ForEach(static file => file.Dispose());
        }

        if (_unnamedProblems > 0)
        {
            _problems.Add(new DatasetProblem(
                DataFile, null, null, string.Create(CultureInfo.InvariantCulture, $"{_unnamedProblems:N0} more problems.")));
        }
    }

    private string DataFile => _shard.Files[^1].Raw.Basename;

    private void CheckColumns()
    {
        for (var column = 0; column < _encodings.Length; column++)
        {
            if (_encodings[column] is null)
            {
                var (name, encoding, _) = _shard.Schema.Columns[column];
                Add(DataFile, null, name, $"its encoding '{encoding}' is not known.");
            }
        }
    }

    private void CheckSamples(string[] paths, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = ShardReaders.Open(_shard, paths);
            using var images = _options.Decode ? new ImageCheck(ImageFormat.Jpeg) : null;
            var ranges = new FieldRange[_encodings.Length];
            for (var sample = 0; sample < reader.SampleCount; sample++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                CheckSample(reader, sample, ranges, images);
                CheckedSamples++;
            }
        }
        catch (TorchStreamingException exception)
        {
            Add(DataFile, null, null, TextOf(exception));
        }
    }

    private void CheckSample(ShardReader reader, int sample, FieldRange[] ranges, ImageCheck? images)
    {
        try
        {
            var fields = reader.GetSample(sample, ranges);
            for (var column = 0; images is not null && column < _encodings.Length; column++)
            {
                if (_encodings[column] is { IsSafe: true } encoding)
                {
                    Decode(fields[column], encoding, sample, column, images);
                }
            }
        }
        catch (ShardFormatException exception)
        {
            Add(DataFile, _firstSample + sample, exception.Location.Column, TextOf(exception));
        }
    }

    private void Decode(ReadOnlySpan<byte> value, FieldEncoding encoding, int sample, int column, ImageCheck images)
    {
        string? problem = null;
        try
        {
            _ = encoding.ReadObject(value);
            problem = encoding.Name == "jpeg" && _shard.Schema.Format == ShardFormats.Mds ? images.Find(value) : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or TorchStreamingException)
        {
            problem = exception.Message;
        }

        if (problem is not null)
        {
            Add(DataFile, _firstSample + sample, _shard.Schema.Columns[column].Name, problem);
        }
    }

    private async ValueTask TryAsync(string file, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TorchStreamingException or NotSupportedException)
        {
            Add(file, null, null, TextOf(exception));
        }
    }

    private void Add(string file, long? sample, string? column, string problem)
    {
        if (_problems.Count >= _options.ProblemsPerShard)
        {
            _unnamedProblems++;
            return;
        }

        _problems.Add(new DatasetProblem(file, sample, column, problem));
    }

    /// <summary>Leaves out the place in front of a message, which the problem has in parts of its own.</summary>
    private static string TextOf(Exception exception)
    {
        var place = exception is ShardFormatException { Location: var location } ? $"{location}: " : "";
        return exception.Message.StartsWith(place, StringComparison.Ordinal) ? exception.Message[place.Length..] : exception.Message;
    }
}
