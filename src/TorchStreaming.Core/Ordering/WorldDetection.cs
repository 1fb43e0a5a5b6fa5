// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Ordering;

/// <summary>Reads a <see cref="World"/> from the variables of the launchers.</summary>
internal static class WorldDetection
{
    private static readonly Launcher Torchrun = new("RANK", ["WORLD_SIZE"], "LOCAL_RANK", ["LOCAL_WORLD_SIZE"], []);

    private static readonly Launcher OpenMpi = new(
        "OMPI_COMM_WORLD_RANK", ["OMPI_COMM_WORLD_SIZE"], "OMPI_COMM_WORLD_LOCAL_RANK", ["OMPI_COMM_WORLD_LOCAL_SIZE"], []);

    private static readonly Launcher Slurm = new(
        "SLURM_PROCID",
        ["SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"],
        "SLURM_LOCALID",
        ["SLURM_STEP_TASKS_PER_NODE", "SLURM_NTASKS_PER_NODE"],
        ["SLURM_STEP_NUM_NODES", "SLURM_NNODES"]);

    public static World Detect(Func<string, string?> environment, int? rank, int? worldSize, int? localWorldSize)
    {
        var torchrun = Torchrun.Read(environment);
        var openMpi = OpenMpi.Read(environment);
        // A batch script outside of srun has SLURM's variables for the whole job but is one process; only a step's own count is evidence.
        var slurm = Slurm.Read(environment);
        RequireAgreement(torchrun, openMpi);
        if (slurm is { Size.Name: "SLURM_STEP_NUM_TASKS" })
        {
            RequireAgreement(torchrun, slurm);
            RequireAgreement(openMpi, slurm);
        }

        var found = torchrun ?? openMpi ?? slurm;
        return Combine(
            rank is { } givenRank ? new Setting(nameof(rank), givenRank) : found?.Rank,
            worldSize is { } givenSize ? new Setting(nameof(worldSize), givenSize) : found?.Size,
            localWorldSize is { } givenLocalSize ? new Setting(nameof(localWorldSize), givenLocalSize) : found?.LocalSize,
            rank is null && worldSize is null && localWorldSize is null ? found?.LocalRank : null);
    }

    private static World Combine(Setting? rank, Setting? size, Setting? localSize, Setting? localRank)
    {
        size ??= new Setting("the default world size", 1);
        rank ??= new Setting("the default rank", 0);
        // Without a local size every rank is a node of its own, as upstream has it.
        var localSizeIsKnown = localSize is not null;
        localSize ??= new Setting("the default local world size", 1);
        if (size.Value < 1 || localSize.Value < 1)
        {
            throw new ArgumentException($"A world needs at least one rank, but {size} and {localSize}.");
        }

        if (rank.Value < 0 || rank.Value >= size.Value)
        {
            throw new ArgumentException($"A rank must be from 0 to the world size less 1, but {rank} and {size}.");
        }

        if (size.Value % localSize.Value != 0)
        {
            throw new ArgumentException($"All nodes must have equally many ranks, but {size} is not divisible by {localSize}.");
        }

        if (localSizeIsKnown && localRank is not null && localRank.Value != rank.Value % localSize.Value)
        {
            throw new ArgumentException(
                $"Ranks must be numbered node by node, but {rank} and {localSize} make the local rank {rank.Value % localSize.Value}, "
                + $"and {localRank}.");
        }

        return new World(size.Value / localSize.Value, localSize.Value, rank.Value);
    }

    private static void RequireAgreement(Identity? inner, Identity? outer)
    {
        if (inner?.Rank is not { } rank || inner.Size is not { } size || outer?.Rank is not { } outerRank
            || outer.Size is not { } outerSize)
        {
            return;
        }

        var same = rank.Value == outerRank.Value && size.Value == outerSize.Value;
        var local = Math.Max(inner.LocalSize?.Value ?? 1, 1);
        var nested = size.Value == (long)outerSize.Value * local && rank.Value / local == outerRank.Value;
        if (!same && !nested)
        {
            throw new ArgumentException(
                $"Two launchers disagree about this process: {rank} and {size}, but {outerRank} and {outerSize}. "
                + "Clear the variables of one of them, or give the world explicitly.");
        }
    }

    /// <summary>A value and the variable or argument that it came from.</summary>
    private sealed record Setting(string Name, int Value)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} is {Value}");
    }

    private sealed record Identity(Setting? Rank, Setting? Size, Setting? LocalRank, Setting? LocalSize);

    /// <summary>The variable names of one launcher; of several names for one thing the first that is set counts.</summary>
    private sealed record Launcher(string Rank, string[] Size, string LocalRank, string[] LocalSize, string[] Nodes)
    {
        public Identity? Read(Func<string, string?> environment)
        {
            var rank = ReadFirst(environment, [Rank]);
            var size = ReadFirst(environment, Size);
            if (rank is null && size is null)
            {
                return null;
            }

            var localSize = ReadFirst(environment, LocalSize);
            if (localSize is null && size is not null && ReadFirst(environment, Nodes) is { } nodes)
            {
                if (nodes.Value < 1 || size.Value % nodes.Value != 0)
                {
                    throw new ArgumentException($"All nodes must have equally many ranks, but {size} and {nodes}.");
                }

                localSize = new Setting($"{size.Name} / {nodes.Name}", size.Value / nodes.Value);
            }

            return new Identity(rank, size, ReadFirst(environment, [LocalRank]), localSize);
        }

        private static Setting? ReadFirst(Func<string, string?> environment, string[] names)
        {
            foreach (var name in names)
            {
                var text = environment(name);
                if (!string.IsNullOrWhiteSpace(text))
                {
                    return new Setting(name, Parse(name, text.Trim()));
                }
            }

            return null;
        }

        private static int Parse(string name, string text)
        {
            // SLURM writes the tasks of equal nodes as '8(x4)'.
            var repeat = text.IndexOf("(x", StringComparison.Ordinal);
            var digits = repeat > 0 && text.EndsWith(')') ? text.AsSpan(0, repeat) : text;
            return int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new ArgumentException($"The variable {name} is '{text}', which is not a whole number.");
        }
    }
}
