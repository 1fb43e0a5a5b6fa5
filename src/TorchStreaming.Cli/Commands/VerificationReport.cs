// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using System.Text.Json;
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

    /// <summary>Writes it for programs.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("location", _location);
        json.WriteBoolean("valid", _found.IsValid);
        json.WriteNumber("shards", _index.Shards.Length);
        json.WriteNumber("samples", _index.SampleCount);
        json.WriteNumber("checked_samples", _found.CheckedSamples);
        json.WriteNumber("checked_bytes", _found.CheckedBytes);
        json.WriteStartArray("problems");
        foreach (var problem in _found.Problems)
        {
            json.WriteStartObject();
            json.WriteString("file", problem.File);
            if (problem.Sample is { } sample)
            {
                json.WriteNumber("sample", sample);
            }

            if (problem.Column is not null)
            {
                json.WriteString("column", problem.Column);
            }

            json.WriteString("problem", problem.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteNames(json, "unlisted_files", _found.UnlistedFiles);
        WriteNames(json, "undecoded_columns", _found.UndecodedColumns);
        json.WriteEndObject();
    }

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

    private static void WriteNames(Utf8JsonWriter json, string key, IEnumerable<string> names)
    {
        json.WriteStartArray(key);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
