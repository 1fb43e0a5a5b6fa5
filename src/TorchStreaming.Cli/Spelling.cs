// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>Finds the command or option that somebody probably meant.</summary>
internal static class Spelling
{
    /// <summary>Gets the name nearest to a word.</summary>
    /// <param name="command">The command whose names are compared: its commands, its options, and those of all commands.</param>
    /// <param name="word">What was written.</param>
    /// <returns>The name, or <see langword="null"/> when none is near.</returns>
    public static string? Nearest(Command command, string word)
    {
        var names = command.Subcommands.Select(static known => known.Name)
            .Concat(command.Options.Concat(Recursive(command)).Where(static option => !option.Hidden).Select(static option => option.Name));
        var nearest = names.Select(name => (Name: name, Distance: Distance(name, word))).DefaultIfEmpty().MinBy(static pair => pair.Distance);
        return nearest.Name is not null && nearest.Distance <= Math.Max(1, word.Length / 4) ? nearest.Name : null;
    }

    private static IEnumerable<Option> Recursive(Command command) =>
        command.Parents.OfType<Command>().SelectMany(static parent => parent.Options.Where(static option => option.Recursive).Concat(Recursive(parent)));

    /// <summary>Counts the letters to insert, delete or change to make one word of the other.</summary>
    private static int Distance(string name, string word)
    {
        var above = Enumerable.Range(0, word.Length + 1).ToArray();
        foreach (var letter in name)
        {
            var diagonal = above[0]++;
            for (var i = 0; i < word.Length; i++)
            {
                var here = Math.Min(Math.Min(above[i], above[i + 1]) + 1, diagonal + (letter == word[i] ? 0 : 1));
                (diagonal, above[i + 1]) = (above[i + 1], here);
            }
        }

        return above[^1];
    }
}
