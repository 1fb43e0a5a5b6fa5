// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Fuzzing;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    /// <summary>The command line in short.</summary>
    public const string Usage = """
        usage: dotnet run -c Release --project tests/Fuzzing -- [--seconds N] [--seed N] [--target NAME] [--cases N] [--save FOLDER]

          --seconds  how long to continue (default 60)
          --seed     the first case; the next ones count up from it (default: from the clock)
          --target   one reader alone (default: all in turn)
          --cases    how many cases a reader gets at most (default: as many as there is time for)
          --save     where failed cases go (default: fuzz-failures)
        """;

    public int Seconds { get; private set; } = 60;

    public int Seed { get; private set; } = Environment.TickCount;

    public string? Target { get; private set; }

    public int Cases { get; private set; } = int.MaxValue;

    public string Save { get; private set; } = "fuzz-failures";

    /// <summary>Reads the command line; <see langword="null"/> when it is wrong.</summary>
    public static FuzzOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new FuzzOptions();
        for (; arguments is [var name, var value, ..]; arguments = arguments[2..])
        {
            switch (name)
            {
                case "--seconds" when TryParse(value, out var seconds):
                    options.Seconds = seconds;
                    break;
                case "--seed" when TryParse(value, out var seed):
                    options.Seed = seed;
                    break;
                case "--cases" when TryParse(value, out var cases):
                    options.Cases = cases;
                    break;
                case "--target":
                    options.Target = value;
                    break;
                case "--save":
                    options.Save = value;
                    break;
                default:
                    return null;
            }
        }

        return arguments.IsEmpty ? options : null;
    }

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out number);
}
