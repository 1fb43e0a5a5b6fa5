// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming peek</c>: some samples at a glance, as a table or as a sheet of pictures.</summary>
internal sealed class PeekCommand : ToolCommand
{
    private readonly LocationArgument _location = new();
    private readonly SplitOption _split = new();

    private readonly Option<int?> _count = new("--count")
    {
        Description = "How many samples, evenly spread over the data set. Default: 8 in a table, 64 on a sheet.",
        HelpName = "samples",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<string?> _output = new("--output")
    {
        Description = "Write a sheet of the samples' pictures to this PNG file instead of a table.",
        HelpName = "file",
    };

    private readonly Option<string?> _column = new("--column")
    {
        Description = "The column with the pictures. Default: the first that holds some.",
        HelpName = "name",
    };

    private readonly Option<int?> _tile = new("--tile")
    {
        Description = "The side of a picture on the sheet in pixels. Default: 128.",
        HelpName = "pixels",
        CustomParser = OptionParsers.Positive,
    };

    private readonly CacheOption _cache = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public PeekCommand(ToolConsole console)
        : base("peek", "Shows some samples at a glance: a table, or with --output a sheet of pictures.", console)
    {
        Add(_location);
        Add(_split);
        Add(_count);
        Add(_output);
        Add(_column);
        Add(_tile);
        Add(_cache);
        _tile.Validators.Add(result =>
        {
            if (result.GetValue(_tile) is > 1024)
            {
                result.AddError("A picture on the sheet has at most 1024 pixels a side.");
            }
        });
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["peek shapes-mds", "peek shapes-mds --output sheet.png --count 100", "peek https://example.com/imagenet --split val --output val.png --tile 96"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLocation.OpenAsync(
            parsed.GetRequiredValue(_location), parsed.GetValue(_split), cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        var reader = await SampleReader.OpenAsync(dataset, parsed.GetValue(_cache), cancellationToken).ConfigureAwait(false);
        await using var closingReader = reader.ConfigureAwait(false);
        var output = parsed.GetValue(_output);
        long[] ids = [.. SampleSelection.Spread(parsed.GetValue(_count) ?? (output is null ? 8 : 64), dataset.Index.SampleCount)];
        if (ids.Length == 0)
        {
            throw new ArgumentException($"The data set {dataset.Location} has no samples.");
        }

        if (output is null)
        {
            await WriteTableAsync(reader, ids, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var tile = parsed.GetValue(_tile) ?? 128;
            await WriteSheetAsync(reader, ids, parsed.GetValue(_column), tile, output, cancellationToken).ConfigureAwait(false);
        }

        return ExitCodes.Success;
    }

    private async Task WriteTableAsync(SampleReader reader, long[] ids, CancellationToken cancellationToken)
    {
        using var decoder = new FieldDecoder();
        var renderer = new SampleRenderer(base64: false, files: null);
        Table? table = null;
        List<string> names = [];
        foreach (var id in ids)
        {
            var (shard, index) = await reader.LocateAsync(id, cancellationToken).ConfigureAwait(false);
            var columns = shard.Reader.Schema.Columns;
            if (table is null)
            {
                names = [.. columns.Select(static column => column.Name)];
                table = new Table().AddColumn("sample");
                names.ForEach(name => table.AddColumn(Markup.Escape(TerminalText.OneLine(name))));
            }

            // Shards of a merged data set need not all have the same columns; those of the first shard head the table.
            table.AddRow([
                id.ToString(CultureInfo.InvariantCulture),
                .. names.Select(name => shard.Reader.Schema.IndexOf(name) is >= 0 and var column
                    ? Markup.Escape(renderer.ToText(id, name, decoder.Decode(shard.Reader, index, column)))
                    : ""),
            ]);
        }

        Console.Tables.Write(table!);
    }

    private async Task WriteSheetAsync(
        SampleReader reader, long[] ids, string? column, int tile, string output, CancellationToken cancellationToken)
    {
        using var worker = new ImageTransformWorker(
            ImageTransform.Resize(tile).CenterCrop(tile).ToDtype(ElementType.UInt8).ChannelsLast());
        var sheet = new ContactSheet(ids.Length, tile, tile);
        var pixels = new byte[tile * tile * 3];
        for (var place = 0; place < ids.Length; place++)
        {
            var (shard, index) = await reader.LocateAsync(ids[place], cancellationToken).ConfigureAwait(false);
            column ??= ImageColumns.Find(shard.Reader, index) ?? throw new ArgumentException(
                "No column holds pictures that can be decoded here. JPEG needs libturbojpeg (Debian package libturbojpeg0); without --output a table is shown.");
            Render(worker, shard.Reader, index, column, pixels);
            sheet.Place(place, pixels);
        }

        using (var file = File.Create(output))
        {
            sheet.Save(file);
        }

        Console.Say(string.Create(
            CultureInfo.InvariantCulture, $"{output}: {ids.Length:N0} pictures of column '{column}', {sheet.Width}x{sheet.Height} pixels"));
    }

    private static void Render(ImageTransformWorker worker, ShardReader shard, int index, string column, Span<byte> pixels)
    {
        var place = shard.Schema.IndexOf(column);
        if (place < 0)
        {
            throw new ArgumentException(
                $"There is no column '{column}'. The data set has {string.Join(", ", shard.Schema.Columns.Select(static known => known.Name))}.");
        }

        var encoded = shard.GetSample(index, new FieldRange[shard.Schema.Columns.Length])[place];
        worker.Render(encoded, worker.Prepare(encoded, default), pixels);
    }
}
