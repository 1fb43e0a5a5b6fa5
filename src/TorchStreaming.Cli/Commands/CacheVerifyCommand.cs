// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TorchStreaming.Caching;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming cache verify</c>: compares a cache's files with their indexes.</summary>
internal sealed class CacheVerifyCommand : ToolCommand
{
    private readonly CacheDirectoryArgument _directory = new();

    private readonly Option<bool> _repair = new("--repair")
    {
        Description = "Delete what is wrong, so that it is fetched again; never a file in use, nor the only copy.",
    };

    private readonly JsonOption _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public CacheVerifyCommand(ToolConsole console)
        : base("verify", "Compares the files of a cache with sizes and hashes of their indexes; exit code 1 when any is wrong.", console)
    {
        Add(_directory);
        Add(_repair);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["cache verify /nvme/cache", "cache verify --repair"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var directory = parsed.GetRequiredValue(_directory);
        var repair = parsed.GetValue(_repair);
        var found = await ProgressDisplay.RunAsync(
            Console,
            "verify",
            progress => CacheVerifier.VerifyAsync(directory, repair, new CacheProgressAdapter(progress), cancellationToken),
            "read").ConfigureAwait(false);
        if (parsed.GetValue(_json))
        {
            JsonOutput.WriteDocument(Console.Output, ToDocument(found), DocumentContext.Default.CacheVerifyDocument);
        }
        else
        {
            foreach (var problem in found.Problems)
            {
                Console.Output.WriteLine(TerminalText.OneLine(
                    $"{problem.Path}: {problem.Problem}{(problem.IsRemoved ? " Deleted." : repair ? " Not deleted: in use, or the only copy." : "")}"));
            }

            if (found.UnhashedFiles > 0)
            {
                Console.Say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"of {Counted.Of(found.UnhashedFiles, "file")} only the size was compared: the index has no hash of them"));
            }

            var verdict = found.IsValid ? "valid" : Counted.Of(found.Problems.Length, "problem");
            Console.Say(string.Create(
                CultureInfo.InvariantCulture, $"{Counted.Of(found.Streams, "stream")}, {Counted.Of(found.Files, "file")}, {new ByteSize(found.Bytes)}: {verdict}"));
        }

        return found.IsValid ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static CacheVerifyDocument ToDocument(CacheVerification found) => new(
        found.IsValid, found.Streams, found.Files, found.Bytes, found.UnhashedFiles,
        found.Problems.Select(static problem => new CacheProblemDocument(problem.Path, problem.Problem, problem.IsRemoved)));
}
