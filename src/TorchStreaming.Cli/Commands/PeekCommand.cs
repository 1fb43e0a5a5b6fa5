// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;
using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming peek</c>: some samples at a glance, as a table or as a sheet of images.</summary>
internal sealed class PeekCommand : ToolCommand
{
    private static readonly SampleRenderer Renderer = new(base64: false, files: null);

    private readonly LocationArgument _location = new();
    private readonly SplitOption _split = new();

    private readonly Option<int?> _count = new("--count")
    {
        Description = "How many samples, evenly spread over the dataset. Default: 8 in a table, 64 on a sheet.",
        HelpName = "samples",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<string?> _output = new("--output")
    {
        Description = "Write a sheet of the samples' images to this PNG file instead of a table.",
        HelpName = "file",
    };

    private readonly Option<string?> _column = new("--column")
    {
        Description = "The column with the images. Default: the first that holds some.",
        HelpName = "name",
    };

    private readonly Option<int?> _tile = new("--tile")
    {
        Description = "The side of an image on the sheet in pixels. Default: 128.",
        HelpName = "pixels",
        CustomParser = OptionParsers.Positive,
    };

    private readonly CacheOption _cache = new();
    private readonly JsonOption _json = new("Write one JSON object per sample as 'cat' does, or with --output one that says what is on the sheet.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public PeekCommand(ToolConsole console)
        : base("peek", "Shows some samples at a glance: a table, or with --output a sheet of images.", console)
    {
        Add(_location);
        Add(_split);
        Add(_count);
        Add(_output);
        Add(_column);
        Add(_tile);
        Add(_cache);
        Add(_json);
        _tile.Validators.Add(result =>
        {
            if (result.GetValue(_tile) is > 1024)
            {
                result.AddError("An image on the sheet has at most 1024 pixels a side.");
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
        long[] ids = [.. SampleSlice.Spread(parsed.GetValue(_count) ?? (output is null ? 8 : 64), dataset.Index.SampleCount)];
        if (ids.Length == 0)
        {
            throw new ArgumentException($"The dataset {dataset.Location} has no samples.");
        }

        if (output is not null)
        {
            var tile = parsed.GetValue(_tile) ?? 128;
            await WriteSheetAsync(reader, ids, parsed.GetValue(_column), tile, output, parsed.GetValue(_json), cancellationToken)
                .ConfigureAwait(false);
            return ExitCodes.Success;
        }

        var samples = await ReadAsync(reader, ids, cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(_json))
        {
            foreach (var (id, values) in samples)
            {
                Renderer.WriteLine(Console.Output, id, values);
            }
        }
        else
        {
            WriteTable(samples);
        }

        return ExitCodes.Success;
    }

    private static async Task<List<(long Id, List<(string Column, object Value)> Values)>> ReadAsync(
        SampleReader reader, long[] ids, CancellationToken cancellationToken)
    {
        using var decoder = new FieldDecoder();
        var samples = new List<(long, List<(string, object)>)>();
        foreach (var id in ids)
        {
            var (shard, index) = await reader.LocateAsync(id, cancellationToken).ConfigureAwait(false);
            samples.Add((id, decoder.Decode(shard.Reader, index, [])));
        }

        return samples;
    }

    private void WriteTable(List<(long Id, List<(string Column, object Value)> Values)> samples)
    {
        // Samples of a merged dataset need not all have the same columns.
        var names = samples.SelectMany(static sample => sample.Values.Select(static field => field.Column)).Distinct().ToArray();
        var rows = samples.Select(sample => (
            sample.Id.ToString(CultureInfo.InvariantCulture),
            names.Select(name => sample.Values.Find(field => field.Column == name) is { Value: { } value }
                ? Renderer.ToText(sample.Id, name, value)
                : "").ToArray()));
        SampleTable.Write(Console.Tables, names, [.. rows]);
    }

    private async Task WriteSheetAsync(
        SampleReader reader, long[] ids, string? column, int tile, string output, bool json, CancellationToken cancellationToken)
    {
        using var worker = new ImageTransformWorker(
            ImageTransform.Resize(tile).CenterCrop(tile).ToDtype(ElementType.UInt8).ChannelsLast());
        var sheet = new ContactSheet(ids.Length, tile, tile);
        var pixels = new byte[tile * tile * 3];
        for (var place = 0; place < ids.Length; place++)
        {
            var (shard, index) = await reader.LocateAsync(ids[place], cancellationToken).ConfigureAwait(false);
            column ??= ImageColumns.Find(shard.Reader, index) ?? throw new ArgumentException(
                "No column holds images that can be decoded here. JPEG needs libturbojpeg (Debian package libturbojpeg0); without --output a table is shown.");
            try
            {
                Render(worker, shard.Reader, index, column, pixels);
            }
            catch (ImageDecodeException exception)
            {
                throw new ArgumentException($"Sample {ids[place]}, column '{column}': {exception.Message}", exception);
            }

            sheet.Place(place, pixels);
        }

        using (var file = File.Create(output))
        {
            sheet.Save(file);
        }

        Console.Say(string.Create(
            CultureInfo.InvariantCulture, $"{output}: {Counted.Of(ids.Length, "image")} of column '{column}', {sheet.Width}x{sheet.Height} pixels"));
        if (json)
        {
            JsonOutput.WriteDocument(
                Console.Output, new SheetDocument(output, column!, sheet.Width, sheet.Height, ids), DocumentContext.Default.SheetDocument);
        }
    }

    private static void Render(ImageTransformWorker worker, ShardReader shard, int index, string column, Span<byte> pixels)
    {
        var place = shard.Schema.IndexOf(column);
        if (place < 0)
        {
            throw new ArgumentException(
                $"There is no column '{column}'. The dataset has {string.Join(", ", shard.Schema.Columns.Select(static known => known.Name))}.");
        }

        var encoded = shard.GetSample(index, new FieldRange[shard.Schema.Columns.Length])[place];
        worker.Render(encoded, worker.Prepare(encoded, default), pixels);
    }
}
