// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TorchStreaming.TestKit;

/// <summary>One damaged input, the same for the same target and seed, and what became of it.</summary>
/// <param name="target">The reader.</param>
/// <param name="seed">Decides about the damage.</param>
public sealed class FuzzCase(FuzzTarget target, int seed)
{
    /// <summary>Beside what a valid input of the size may need: buffers that are made once and messages.</summary>
    private const long BaseMemory = 16L << 20;

    private const long MemoryPerByte = 256;

    /// <summary>Gets the seed.</summary>
    public int Seed => seed;

    /// <summary>Gets the reader.</summary>
    public FuzzTarget Target => target;

    /// <summary>Gets the damaged input.</summary>
    public FuzzInput Input { get; } = Make(target, new Random(seed));

    /// <summary>Gets how long reading took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Gets how many managed bytes reading allocated.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Reads the input.</summary>
    /// <param name="scratch">A folder for files.</param>
    /// <returns><see langword="null"/> when the outcome was samples or a typed error, or else what went wrong.</returns>
    public string? Run(string scratch)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        string? failure = null;
        try
        {
            target.Read(Input, scratch);
        }
        catch (Exception exception)
        {
            failure = target.IsTyped(exception) ? null : exception.ToString();
        }

        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Elapsed = clock.Elapsed;
        var most = BaseMemory + (MemoryPerByte * Input.Length);
        return failure is null && AllocatedBytes > most ? $"It allocated {AllocatedBytes} bytes; {most} are enough." : failure;
    }

    /// <inheritdoc/>
    public override string ToString() => $"--target {target.Name} --seed {seed} --cases 1 ({Input.Name})";

    private static FuzzInput Make(FuzzTarget target, Random random) =>
        Mutator.Mutate(target.Inputs[random.Next(target.Inputs.Count)], random);
}
