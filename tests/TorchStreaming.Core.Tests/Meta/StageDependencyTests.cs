// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Meta;

/// <summary>Holds the arrows of the house, as the compiler sees them: a stage uses only the stages that data passes before it, and rooms of a
/// stage do not use each other in circles.</summary>
public sealed class StageDependencyTests
{
    private const string Root = "(root)";

    /// <summary>Each stage of the engine with the stages whose types it may use. The root's value types and errors are open to all.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Root] = [],
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
        ["Datasets"] = ["Diagnostics", "Storage", "Shards", "Caching", "Ordering", "Transforms", "Loading"],
    };

    /// <summary>The files of a stage, outside its rooms, that know rooms: what chooses among them, and what is made of their parts.</summary>
    private static readonly HashSet<string> Registries =
    [
        "Datasets/SampleSelection.cs", "Datasets/StreamingDataset.cs", "Imaging/ImageDecoders.cs",
        "Imaging/JpegEncoder.cs", "Loading/BatchEnumerator.cs", "Loading/BatchLoader.cs", "Loading/BatchLoaderOptions.cs",
        "Loading/ILoaderSource.cs", "Ordering/EpochOrder.cs", "Ordering/SampleOrder.cs", "Ordering/StreamWeights.cs", "Shards/DatasetIndex.cs", "Shards/FileDigests.cs",
        "Shards/ShardInfo.cs", "Shards/ShardList.cs", "Shards/ShardReaders.cs", "Storage/ObjectStoreOptions.cs",
        "Storage/ObjectStoreResolver.cs",
    ];

    private static readonly Lazy<IReadOnlyList<(string From, string To, string Type)>> Arrows = new(() => SourceArrows.Find(ReadSources()));

    [Fact]
    public void StageFolders_OfTheEngine_AreAllKnown()
    {
        var folders = Directory.GetDirectories(EngineFolder).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));

        Assert.Empty(folders.Except(Allowed.Keys));
    }

    [Fact]
    public void Types_ThatAStageUses_AreOfStagesBeforeIt() => Assert.Empty(FindBackArrows(Arrows.Value));

    [Fact]
    public void Rooms_OfAStage_UseEachOtherInNoCircle()
    {
        var arrows = Arrows.Value.Where(static arrow => GetStage(arrow.From) == GetStage(arrow.To) && IsInRoom(arrow.From) && IsInRoom(arrow.To))
            .Select(static arrow => (From: GetRoom(arrow.From), To: GetRoom(arrow.To))).Where(static arrow => arrow.From != arrow.To).ToHashSet();

        Assert.DoesNotContain(arrows, arrow => arrows.Contains((arrow.To, arrow.From)));
    }

    [Fact]
    public void FilesOutsideRooms_ButForRegistries_KnowNoRoom()
    {
        var wrong = Arrows.Value
            .Where(static arrow => GetStage(arrow.From) == GetStage(arrow.To) && !IsInRoom(arrow.From) && IsInRoom(arrow.To))
            .Select(static arrow => (File: FirstOfType(arrow.From), arrow.To))
            .Where(static arrow => !Registries.Contains(arrow.File));

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("namespace TorchStreaming.Shards; class Planted { readonly LaterOptions _options = null!; }")]
    [InlineData("namespace TorchStreaming.Shards; class Planted { static void Run() { var options = Near.Get(); } }")]
    [InlineData("namespace TorchStreaming.Shards; class Planted { static object Run() => Near.Get().Number; }")]
    public void BackArrow_WithoutAUsing_IsFound(string planted)
    {
        var arrows = SourceArrows.Find(new Dictionary<string, string>
        {
            ["Shards/Planted.cs"] = planted,
            ["Shards/Near.cs"] = "namespace TorchStreaming.Shards; static class Near { public static LaterOptions Get() => new(); }",
            ["Datasets/LaterOptions.cs"] = "namespace TorchStreaming; public record LaterOptions { public object Number = 1; }",
        });

        Assert.Contains("Shards/Planted.cs uses LaterOptions of Datasets", FindBackArrows(arrows));
    }

    private static string EngineFolder => Path.Combine(RepositoryRoot.Path, "src", "TorchStreaming.Core");

    private static IEnumerable<string> FindBackArrows(IEnumerable<(string From, string To, string Type)> arrows) =>
        from arrow in arrows
        let stage = GetStage(arrow.From)
        let used = GetStage(arrow.To)
        where used != stage && used is not (Root or "Errors") && !Allowed[stage].Contains(used)
        select $"{arrow.From} uses {arrow.Type} of {used}";

    private static string GetStage(string path) => path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : Root;

    private static bool IsInRoom(string path) => path.Count(static letter => letter == '/') > 1;

    /// <summary>Gets the folder in a stage that a file is in.</summary>
    private static string GetRoom(string path) => string.Join('/', path.Split('/').Take(2));

    /// <summary>Gets the first file of a type that has several: Type.cs for Type.Part.cs.</summary>
    private static string FirstOfType(string path) => string.Join('.', path.Split('.') is { Length: 3 } parts ? [parts[0], parts[2]] : path.Split('.'));

    private static Dictionary<string, string> ReadSources()
    {
        var sources = Directory.EnumerateFiles(EngineFolder, "*.cs", SearchOption.AllDirectories)
            .ToDictionary(static path => Path.GetRelativePath(EngineFolder, path).Replace('\\', '/'), File.ReadAllText);

        // What the SDK adds to each project.
        sources["Usings.cs"] = string.Concat(
            new[] { "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks" }
                .Select(static name => $"global using {name};"));
        return sources;
    }
}
