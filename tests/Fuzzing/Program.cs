// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TorchStreaming.Fuzzing;
using TorchStreaming.TestKit;

if (FuzzOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 2;
}

var targets = FuzzTargets.All.Where(target => options.Target is null || target.Name == options.Target).ToArray();
if (targets.Length == 0)
{
    Console.Error.WriteLine($"There is no target '{options.Target}'; there are {string.Join(", ", FuzzTargets.All.Select(static target => target.Name))}.");
    return 2;
}

var failures = new FailureFolder(options.Save);
using var scratch = new TemporaryDirectory();
using var watchdog = new Watchdog(failures);
var cases = 0L;
var (slowest, largest) = (TimeSpan.Zero, 0L);
var clock = Stopwatch.StartNew();
Console.WriteLine($"Seed {options.Seed}, {options.Seconds} s, targets: {string.Join(", ", targets.Select(static target => target.Name))}.");
for (var i = 0; i < options.Cases && clock.Elapsed.TotalSeconds < options.Seconds; i++)
{
    foreach (var target in targets)
    {
        var next = new FuzzCase(target, unchecked(options.Seed + i));
        watchdog.Watch(next);
        if (next.Run(scratch.Path) is { } failure)
        {
            failures.Save(next, failure);
        }

        cases++;
        slowest = next.Elapsed > slowest ? next.Elapsed : slowest;
        largest = Math.Max(largest, next.AllocatedBytes);
    }
}

Console.WriteLine($"{cases} cases, {failures.Count} failed; the slowest took {slowest.TotalMilliseconds:F0} ms, the largest allocated {largest / 1e6:F1} MB.");
return failures.Count == 0 ? 0 : 1;
