// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Carries samples from shards to a writer. Between binary formats encoded values are copied, else they are decoded and encoded
/// again. Not thread-safe.</summary>
internal sealed class SampleConverter : ISampleConverter
{
    private readonly DatasetWriter _writer;
    private readonly ShardSchema _source;
    private readonly FieldEncoding[] _encodings;
    private readonly int[] _targets;
    private readonly bool[] _checked;
    private readonly FieldRange[] _ranges;
    private readonly Dictionary<string, object?> _values = [];

    /// <summary>Creates the converter.</summary>
    /// <param name="source">The columns to read.</param>
    /// <param name="writer">The writer.</param>
    /// <exception cref="ArgumentException">A column's encoding is unknown.</exception>
    public SampleConverter(ShardSchema source, DatasetWriter writer)
    {
        _source = source;
        _writer = writer;
        _ranges = new FieldRange[source.Columns.Length];
        _targets = [.. source.Columns.Select(column => writer.Schema.IndexOf(column.Name))];
        var copies = writer is MdsWriter && ShardFormats.IsBinary(source.Format);
        _checked = [.. source.Columns.Select((column, i) => copies && column.Encoding != writer.Schema.Columns[_targets[i]].Encoding)];
        _encodings =
        [
            .. source.Columns.Select((_, i) => copies
                ? FieldEncodings.ForColumn(writer.Schema, _targets[i])
                : FieldEncodings.ForColumn(source, i)),
        ];
        Row = copies ? ((MdsWriter)writer).Row : null;
    }

    private MdsRow? Row { get; }

    /// <inheritdoc/>
    public ValueTask ConvertAsync(ShardReader reader, int sample, CancellationToken cancellationToken)
    {
        Read(reader, sample);
        try
        {
            return Row is null ? _writer.WriteAsync(_values, cancellationToken) : ((MdsWriter)_writer).WriteRowAsync(cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw new ShardFormatException(
                new ShardLocation(reader.Location, Sample: sample), $"{exception.Message} Choose another encoding for it.", exception);
        }
    }

    private void Read(ShardReader reader, int sample)
    {
        var fields = reader.GetSample(sample, _ranges);
        for (var column = 0; column < _encodings.Length; column++)
        {
            if (Row is null || _checked[column])
            {
                _values[_source.Columns[column].Name] = Decode(fields[column], reader, sample, column);
            }

            Row?.SetBytes(_targets[column], fields[column]);
        }
    }

    private object? Decode(ReadOnlySpan<byte> value, ShardReader reader, int sample, int column)
    {
        try
        {
            return _encodings[column].ReadObject(value);
        }
        catch (InvalidDataException exception)
        {
            throw new ShardFormatException(
                new ShardLocation(reader.Location, Sample: sample, Column: _source.Columns[column].Name), exception.Message, exception);
        }
    }
}
