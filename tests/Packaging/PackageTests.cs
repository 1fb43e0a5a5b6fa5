// SPDX-License-Identifier: MIT

using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using TorchStreaming.TestKit;

namespace TorchStreaming.Packaging.Tests;

/// <summary>The packages say what they are, and work for those who have nothing but them.</summary>
[Collection(PackedCollection.Name)]
public sealed class PackageTests(PackedFeed feed)
{
    public static TheoryData<string> Packages => new(
        "TorchStreaming.Core",
        "TorchStreaming",
        "TorchStreaming.Conversion",
        "TorchStreaming.Imaging.Skia",
        "TorchStreaming.Interactive",
        "TorchStreaming.Storage.AIStore",
        "TorchStreaming.Storage.Azure",
        "TorchStreaming.Storage.GoogleCloud",
        "TorchStreaming.Storage.S3",
        "TorchStreaming.Cli");

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_OfAProject_SaysWhatItIs(string id)
    {
        using var package = Open(id, "nupkg");
        using var manifest = package.GetEntry(id + ".nuspec")!.Open();
        var metadata = XDocument.Load(manifest).Root!.Elements().Single().Elements().ToLookup(static element => element.Name.LocalName, static element => element.Value);

        Assert.Equal("MIT", metadata["license"].Single());
        Assert.NotEmpty(metadata["authors"].Single());
        Assert.InRange(metadata["description"].Single().Length, 40, 4000);
        Assert.Contains("torchsharp", metadata["tags"].Single(), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "eng", "icon.png")), Bytes(package, metadata["icon"].Single()));
        Assert.Equal(File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "src", id, "PACKAGE.md")), Bytes(package, metadata["readme"].Single()));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_OfAProject_BringsItsSymbolsAndDocumentation(string id)
    {
        using var package = Open(id, "nupkg");
        using var symbols = Open(id, "snupkg");
        var libraries = package.Entries.Where(static entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal)).Select(static entry => entry.Name).ToArray();

        Assert.Contains(symbols.Entries, entry => entry.Name == (id == "TorchStreaming.Cli" ? "torchstreaming.pdb" : id + ".pdb"));
        Assert.Equal(id == "TorchStreaming.Cli" ? [] : [id + ".dll", id + ".xml"], libraries);
    }

    [Fact]
    public async Task Core_InANewProgram_WritesAndReadsADataset()
    {
        var folder = feed.CreateProgram("CoreConsumer", "TorchStreaming.Core/" + PackedFeed.Version);

        Assert.Equal("100 samples; sample 17", (await DotnetRun.SucceedAsync(folder, "run")).Trim());
    }

    [Fact]
    public async Task Tool_InstalledFromItsPackage_RunsAndOpensADataset()
    {
        var folder = feed.CreateFolder("tool");
        await DotnetRun.SucceedAsync(folder, "tool", "install", "TorchStreaming.Cli", "--version", PackedFeed.Version, "--tool-path", "bin");
        var tool = new FileInfo(Path.Combine(folder, "bin", OperatingSystem.IsWindows() ? "torchstreaming.exe" : "torchstreaming"));

        Assert.Matches(@"^\d+\.\d+\.\d+", await DotnetRun.SucceedAsync(folder, tool, "--version"));
        await SmallDataset.WriteAsync(Path.Combine(folder, "data"), 100);
        using var info = JsonDocument.Parse(await DotnetRun.SucceedAsync(folder, tool, "info", "data", "--json"));
        Assert.Equal(100, info.RootElement.GetProperty("samples").GetInt32());
    }

    private ZipArchive Open(string id, string extension)
        => ZipFile.OpenRead(Path.Combine(feed.Packages, $"{id}.{PackedFeed.Version}.{extension}"));

    private static byte[] Bytes(ZipArchive package, string entry)
    {
        using var stream = package.GetEntry(entry)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
