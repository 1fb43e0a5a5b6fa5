// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Tars as WebDataset has them, each with the table of its samples. Keys are the numbers of items.</summary>
internal sealed class TarForm : ShardForm
{
    private readonly MdsSampleLayout _sample;
    private readonly TarColumns _columns;
    private readonly TarShardLayout _layout;
    private readonly FieldRange[] _ranges;
    private readonly ArrayBufferWriter<byte> _members = new();

    private TarForm(ShardSchema schema, TarColumns columns)
        : base(columns.Schema)
    {
        var options = new TarShardWriterOptions();
        MostSamples = options.MaxCount;
        _sample = new MdsSampleLayout(schema);
        _columns = columns;
        _layout = new TarShardLayout(options);
        _ranges = new FieldRange[schema.Columns.Length];
    }

    /// <inheritdoc/>
    public override long EmptyLength => TarShardLayout.EndLength;

    /// <inheritdoc/>
    public override int SampleOverhead => 0;

    /// <inheritdoc/>
    public override int MostSamples { get; }

    /// <summary>Creates the form.</summary>
    /// <exception cref="NotSupportedException">A column's values are nothing that other programs find in tars.</exception>
    public static TarForm Create(RawSource source)
    {
        var schema = new ShardSchema(ShardFormats.Mds, source.Columns);
        return new TarForm(schema, TarColumns.Map(schema, source.TarFields, source.TarKeyColumn));
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> sample, int number)
    {
        _members.ResetWrittenCount();
        if (_sample.Locate(sample.Span, _ranges) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        var key = number.ToString("D9", CultureInfo.InvariantCulture);
        foreach (var (column, field, decoder) in _columns.Columns)
        {
            var value = sample.Span.Slice(_ranges[column].Offset, _ranges[column].Length);
            TarShardLayout.Write(
                _members, $"{key}.{field}", decoder is null ? value : Encoding.UTF8.GetBytes(TarColumns.Render(value, decoder)));
        }

        return _members.WrittenMemory;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard) => _layout.LayOut(buffer, shard);
}
