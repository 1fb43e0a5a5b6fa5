// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming.TestKit;

/// <summary>Reads a saved state.</summary>
internal sealed class LoaderStateTarget : FuzzTarget
{
    public override string Name => "loader-state";

    public override void Read(FuzzInput input, string scratch) => LoaderState.Parse(input.Files[0]);

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        yield return new FuzzInput("upstream", [Encoding.UTF8.GetBytes(
            """{"epoch": 1, "sample_in_epoch": 512, "num_canonical_nodes": 2, "shuffle_seed": 9176, "initial_physical_nodes": null}""")]);
    }
}
