// SPDX-License-Identifier: MIT

namespace TorchStreaming.Tests;

public sealed class WorldTests
{
    [Fact]
    public void FromEnvironment_NothingSet_IsOneProcess() => Assert.Equal(World.Single, FromEnvironment());

    [Fact]
    public void FromEnvironment_Torchrun_ReadsItsVariables()
    {
        var world = FromEnvironment(("RANK", "5"), ("WORLD_SIZE", "8"), ("LOCAL_RANK", "1"), ("LOCAL_WORLD_SIZE", "4"));
        Assert.Equal(new World(2, 4, 5), world);
        Assert.Equal((1, 1, 8), (world.Node, world.RankOfNode, world.RankCount));
        Assert.False(world.IsLeader);
        Assert.False(world.IsLocalLeader);
    }

    [Fact]
    public void FromEnvironment_NoLocalWorldSize_MakesEveryRankANode() =>
        Assert.Equal(new World(4, 1, 3), FromEnvironment(("RANK", "3"), ("WORLD_SIZE", "4"), ("LOCAL_RANK", "1")));

    [Fact]
    public void FromEnvironment_OpenMpi_ReadsItsVariables() => Assert.Equal(
        new World(2, 2, 3),
        FromEnvironment(
            ("OMPI_COMM_WORLD_RANK", "3"), ("OMPI_COMM_WORLD_SIZE", "4"), ("OMPI_COMM_WORLD_LOCAL_RANK", "1"),
                ("OMPI_COMM_WORLD_LOCAL_SIZE", "2")));

    [Theory]
    [InlineData("SLURM_STEP_NUM_TASKS", "SLURM_STEP_TASKS_PER_NODE", "4(x2)")]
    [InlineData("SLURM_NTASKS", "SLURM_NTASKS_PER_NODE", "4")]
    [InlineData("SLURM_NTASKS", "SLURM_NNODES", "2")]
    [InlineData("SLURM_NTASKS", "SLURM_STEP_NUM_NODES", "2")]
    public void FromEnvironment_Slurm_ReadsItsVariables(string sizeName, string nodeName, string nodeValue) =>
        Assert.Equal(new World(2, 4, 6),
            FromEnvironment(("SLURM_PROCID", "6"), (sizeName, "8"), ("SLURM_LOCALID", "2"), (nodeName, nodeValue)));

    [Fact]
    public void FromEnvironment_ExplicitValues_Win() => Assert.Equal(
        new World(3, 2, 4),
        World.FromEnvironment(4, 6, 2, Environment(("RANK", "0"), ("WORLD_SIZE", "1"), ("LOCAL_RANK", "0"), ("LOCAL_WORLD_SIZE", "1"))));

    [Fact]
    public void FromEnvironment_TorchrunInsideSrun_IsNoContradiction() => Assert.Equal(
        new World(2, 4, 6),
        FromEnvironment(
            ("RANK", "6"), ("WORLD_SIZE", "8"), ("LOCAL_RANK", "2"), ("LOCAL_WORLD_SIZE", "4"),
            ("SLURM_PROCID", "1"), ("SLURM_STEP_NUM_TASKS", "2"), ("SLURM_LOCALID", "0")));

    [Fact]
    public void FromEnvironment_TorchrunInsideABatchScript_IgnoresTheJob() => Assert.Equal(
        new World(1, 2, 1),
        FromEnvironment(("RANK", "1"), ("WORLD_SIZE", "2"), ("LOCAL_RANK", "1"), ("LOCAL_WORLD_SIZE", "2"), ("SLURM_PROCID", "0"),
            ("SLURM_NTASKS", "8")));

    [Fact]
    public void FromEnvironment_TwoLaunchersDisagree_ShowsBoth()
    {
        var exception = Assert.Throws<ArgumentException>(() => FromEnvironment(
            ("RANK", "1"), ("WORLD_SIZE", "2"), ("LOCAL_WORLD_SIZE", "2"), ("OMPI_COMM_WORLD_RANK", "3"), ("OMPI_COMM_WORLD_SIZE", "4")));
        Assert.Contains("RANK is 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("OMPI_COMM_WORLD_SIZE is 4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromEnvironment_RankBeyondSize_ShowsBoth()
    {
        var exception = Assert.Throws<ArgumentException>(() => FromEnvironment(("RANK", "4"), ("WORLD_SIZE", "4")));
        Assert.Contains("RANK is 4 and WORLD_SIZE is 4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromEnvironment_ExplicitRankBeyondSizeFromEnvironment_ShowsBoth()
    {
        var exception = Assert.Throws<ArgumentException>(() =>
            World.FromEnvironment(9, environment: Environment(("RANK", "0"), ("WORLD_SIZE", "4"))));
        Assert.Contains("rank is 9 and WORLD_SIZE is 4", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WORLD_SIZE", "6", "LOCAL_WORLD_SIZE", "4")]
    [InlineData("LOCAL_RANK", "3", "LOCAL_WORLD_SIZE", "2")]
    public void FromEnvironment_UnevenNodes_ShowsBoth(string firstName, string first, string secondName, string second)
    {
        var exception = Assert.Throws<ArgumentException>(() =>
            FromEnvironment(("RANK", "0"), ("WORLD_SIZE", "4"), (firstName, first), (secondName, second)));
        Assert.Contains($"{firstName} is {first}", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"{secondName} is {second}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RANK", "one")]
    [InlineData("WORLD_SIZE", "99999999999")]
    public void FromEnvironment_NotANumber_NamesTheVariable(string name, string value)
    {
        var exception = Assert.Throws<ArgumentException>(() => FromEnvironment(("RANK", "0"), (name, value)));
        Assert.Contains($"{name} is '{value}'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 1, -1)]
    [InlineData(2, 2, 4)]
    [InlineData(65536, 65536, 0)]
    public void Constructor_OutOfRange_Throws(int nodes, int ranks, int rank) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new World(nodes, ranks, rank));

    [Fact]
    public void Replicate_NotDividingTheRanks_Throws() => Assert.Throws<ArgumentException>(() => new World(1, 4, 0).Replicate(3));

    private static World FromEnvironment(params (string Name, string Value)[] variables) =>
        World.FromEnvironment(environment: Environment(variables));

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.LastOrDefault(variable => variable.Name == name).Value;
}
