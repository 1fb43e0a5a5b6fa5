// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Carries samples from shards to a writer of tars. Without a column of keys samples are numbered. Not thread-safe.</summary>
internal sealed class TarSampleConverter(TarColumns columns, DatasetWriter writer) : ISampleConverter
{
    private readonly Dictionary<string, object?> _values = [];
    private FieldRange[] _ranges = [];
    private long _number;

    /// <inheritdoc/>
    public ValueTask ConvertAsync(ShardReader reader, int sample, CancellationToken cancellationToken)
    {
        Read(reader, sample);
        try
        {
            return writer.WriteAsync(_values, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw new ShardFormatException(new ShardLocation(reader.Location, Sample: sample), exception.Message, exception);
        }
    }

    private void Read(ShardReader reader, int sample)
    {
        if (_ranges.Length < reader.Schema.Columns.Length)
        {
            _ranges = new FieldRange[reader.Schema.Columns.Length];
        }

        var fields = reader.GetSample(sample, _ranges);
        _values[TarOptions.KeyColumn] = columns.KeyColumn >= 0
            ? Encoding.UTF8.GetString(fields[columns.KeyColumn])
            : _number.ToString("D9", CultureInfo.InvariantCulture);
        _number++;
        foreach (var (column, field, decoder) in columns.Columns)
        {
            _values[field] = decoder is null ? fields[column].ToArray() : Render(fields[column], decoder, reader, sample, column);
        }
    }

    private static string Render(ReadOnlySpan<byte> value, FieldEncoding decoder, ShardReader reader, int sample, int column)
    {
        try
        {
            return TarColumns.Render(value, decoder);
        }
        catch (InvalidDataException exception)
        {
            throw new ShardFormatException(
                new ShardLocation(reader.Location, Sample: sample, Column: reader.Schema.Columns[column].Name), exception.Message, exception);
        }
    }
}
