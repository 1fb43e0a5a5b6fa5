// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert laion</c> and <c>enwiki-bert</c>: files of one kind become one dataset.</summary>
internal sealed class ConvertFilesCommand : ConvertSourceCommand
{
    private readonly Func<string, string, RawSource> _open;
    private readonly Argument<string> _source;
    private readonly FilesOption _files = new();

    private ConvertFilesCommand(
        string name, string description, string source, Func<string, string, RawSource> open, ToolConsole console)
        : base(name, description, console)
    {
        _open = open;
        _source = new("source") { Description = source };
        AddAll([_source], [_files]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => Name == "laion"
        ? ["convert laion /data/laion400m /data/laion400m-mds --files '000*' --on-error skip"]
        : ["convert enwiki-bert /data/enwiki/tfrecord /data/enwiki-mds --files 'part-*' --split train"];

    /// <summary>Creates the commands.</summary>
    /// <param name="console">Where their data and talk go.</param>
    public static IEnumerable<ConvertFilesCommand> CreateAll(ToolConsole console) =>
    [
        new("enwiki-bert", "Makes a dataset (seven columns of bytes) from TFRecord files of examples for BERT.",
            "A TFRecord file, or a folder of them.", EnWikiExamples.Open, console),
        new("laion", "Makes a dataset (jpg:bytes, caption:str, …) from img2dataset's tars of LAION-400M.",
            "A tar that was made with --output_format webdataset, or a folder of them.", LaionTars.Open, console),
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        ConvertAsync(parsed, _open(parsed.GetRequiredValue(_source), parsed.GetRequiredValue(_files)), cancellationToken);
}
