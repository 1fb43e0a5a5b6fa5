// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>Tells what a verification found.</summary>
internal sealed class VerificationReport
{
    private readonly string _location;
    private readonly DatasetIndex _index;
    private readonly DatasetVerification _found;

    /// <summary>Creates the report.</summary>
    public VerificationReport(string location, DatasetIndex index, DatasetVerification found)
    {
        _location = location;
        _index = index;
        _found = found;
    }

    /// <summary>Prints a line per problem; remarks that are none go to the talk.</summary>
    public void Print(ToolConsole console)
    {
        foreach (var problem in _found.Problems)
        {
            console.Output.WriteLine(TerminalText.OneLine(Render(problem)));
        }

        foreach (var file in _found.UnlistedFiles)
        {
            console.Say($"{file}: not in the index, so nobody reads it");
        }

        foreach (var column in _found.UndecodedColumns)
        {
            console.Say($"column '{column}': not decoded, since reading pickles runs code");
        }

        var verdict = _found.IsValid ? "valid" : Counted.Of(_found.Problems.Length, "problem");
        console.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{_location}: {_found.CheckedSamples:N0} of {Counted.Of(_index.SampleCount, "sample")} "
            + $"in {Counted.Of(_index.Shards.Length, "shard")} checked: {verdict}"));
    }

    /// <summary>Makes the document for programs.</summary>
    public VerifyDocument ToDocument() => new(
        _location,
        _found.IsValid,
        _index.Shards.Length,
        _index.SampleCount,
        _found.CheckedSamples,
        _found.CheckedBytes,
        _found.Problems.Select(static problem => new ProblemDocument(problem.File, problem.Sample, problem.Column, problem.Problem)),
        _found.UnlistedFiles,
        _found.UndecodedColumns);

    private static string Render(DatasetProblem problem)
    {
        var text = new StringBuilder(problem.File);
        if (problem.Sample is { } sample)
        {
            text.Append(CultureInfo.InvariantCulture, $", sample {sample}");
        }

        if (problem.Column is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $", column '{problem.Column}'");
        }

        return text.Append(": ").Append(problem.Problem).ToString();
    }
}
