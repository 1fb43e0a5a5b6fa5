// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Meta;

/// <summary>Holds the arrows of the house: a stage's folder depends only on the folders that data passes before it.</summary>
public sealed partial class StageDependencyTests
{
    /// <summary>Each stage of the engine with the stages it may use. Root value types and errors are open to all.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Errors"] = [],
        ["Diagnostics"] = [],
        ["Storage"] = ["Diagnostics"],
        ["Shards"] = ["Diagnostics", "Storage"],
        ["Caching"] = ["Diagnostics", "Storage", "Shards"],
        ["Ordering"] = ["Diagnostics"],
        ["Simulation"] = ["Diagnostics", "Storage", "Caching", "Ordering"],
        ["Imaging"] = ["Diagnostics"],
        ["Transforms"] = ["Diagnostics", "Shards", "Imaging"],
        ["Conversion"] = ["Diagnostics", "Storage", "Shards", "Imaging"],
        ["Loading"] = ["Diagnostics", "Storage", "Shards", "Caching", "Ordering", "Imaging", "Transforms"],
    };

    [Fact]
    public void StageFolders_OfTheEngine_AreAllKnown()
    {
        var folders = Directory.GetDirectories(EngineFolder).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));

        Assert.Empty(folders.Except(Allowed.Keys));
    }

    [Fact]
    public void Usings_OfEachStage_PointAgainstTheDataPath()
    {
        var wrong = new List<string>();
        foreach (var (stage, allowed) in Allowed)
        {
            var folder = Path.Combine(EngineFolder, stage);
            foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories) : [])
            {
                wrong.AddRange(
                    from Match match in StageReference().Matches(File.ReadAllText(file))
                    let used = match.Groups["stage"].Value
                    where Allowed.ContainsKey(used) && used != stage && !allowed.Contains(used)
                    select $"{Path.GetRelativePath(EngineFolder, file)} uses {used}");
            }
        }

        Assert.Empty(wrong);
    }

    private static string EngineFolder => Path.Combine(RepositoryRoot.Path, "src", "TorchStreaming.Core");

    [GeneratedRegex(@"\bTorchStreaming\.(?<stage>[A-Z]\w+)(?=[;.])")]
    private static partial Regex StageReference();
}
