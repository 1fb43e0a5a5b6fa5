// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Fuzzing;

/// <summary>Damaged files give samples or a typed error, in the memory that files of their size need. The open-ended run is
/// <c>tests/Fuzzing</c>.</summary>
[Trait("Category", GoldenData.Category)]
public sealed class FuzzTests : IDisposable
{
    private const int Cases = 150;

    private readonly TemporaryDirectory _scratch = new();

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(static target => target.Name)];

    public void Dispose() => _scratch.Dispose();

    [GoldenTheory]
    [MemberData(nameof(Targets))]
    public void Read_OfDamagedFiles_GivesSamplesOrATypedError(string name)
    {
        var target = FuzzTargets.Get(name);
        var failures = Enumerable.Range(0, Cases).Select(seed => new FuzzCase(target, seed))
            .Select(next => (Case: next, Failure: next.Run(_scratch.Path)))
            .Where(static outcome => outcome.Failure is not null)
            .Select(static outcome => $"{outcome.Case}: {outcome.Failure}");

        Assert.Empty(failures);
    }

    [GoldenTheory]
    [MemberData(nameof(Targets))]
    public void Read_OfSoundFiles_Succeeds(string name)
    {
        var target = FuzzTargets.Get(name);

        Assert.NotEmpty(target.Inputs);
        Assert.All(target.Inputs, input => target.Read(input, _scratch.Path));
    }
}
