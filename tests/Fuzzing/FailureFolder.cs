// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.TestKit;

namespace TorchStreaming.Fuzzing;

/// <summary>Keeps failed cases: their files, and what went wrong.</summary>
internal sealed class FailureFolder(string path)
{
    /// <summary>Gets the number of cases kept.</summary>
    public int Count { get; private set; }

    /// <summary>Keeps a case and prints how to run it again.</summary>
    public void Save(FuzzCase failed, string failure)
    {
        Count++;
        Directory.CreateDirectory(path);
        var name = Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{failed.Target.Name}-{failed.Seed}"));
        for (var i = 0; i < failed.Input.Files.Length; i++)
        {
            File.WriteAllBytes($"{name}.{i}.bin", failed.Input.Files[i]);
        }

        File.WriteAllText($"{name}.txt", $"{failed}\n{failure}\n");
        Console.Error.WriteLine($"FAILED {failed}");
        Console.Error.WriteLine($"  {failure.Split('\n')[0]}");
        Console.Error.WriteLine($"  kept as {name}.*");
    }
}
