// SPDX-License-Identifier: MIT

using System.Reflection;
using TorchStreaming.TestKit;

namespace TorchStreaming.Packaging.Tests;

/// <summary>
/// The packages of this checkout, packed once for all tests from what the build has made, and a NuGet.config beside them that serves these and, from
/// the folder that the build restored into, what they depend on. Nothing is asked of a network, and nothing is left in the user's package folder.
/// </summary>
public sealed class PackedFeed : IAsyncLifetime
{
    /// <summary>A version that no other feed has, so that what a test uses was packed by it; not a prerelease, which notebooks pass over where they
    /// name no version.</summary>
    public const string Version = "0.0.1";

    // libtorch is large: outputs link to it, as those of this repository do.
    private static readonly string[] Links =
    [
        "CreateHardLinksForCopyLocalIfPossible",
        "CreateSymbolicLinksForCopyLocalIfPossible",
        "CreateHardLinksForPublishFilesIfPossible",
        "CreateSymbolicLinksForPublishFilesIfPossible",
    ];

    private readonly TemporaryDirectory _folder = new();
    private int _folders;

    /// <summary>Gets the version of TorchSharp that the checkout uses.</summary>
    public static string TorchSharpVersion => Metadata("TorchSharpVersion");

    /// <summary>Gets the folder that the build restored into.</summary>
    public static string PackageFolder => Metadata("PackageFolder");

    /// <summary>Gets the folder that holds the packages.</summary>
    public string Packages => _folder.Combine("feed");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Packages);
        await File.WriteAllTextAsync(_folder.Combine("NuGet.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder.Combine("packages")}" /></config>
              <packageSources><clear /><add key="packed" value="{Packages}" /></packageSources>
              <packageSourceMapping><clear /></packageSourceMapping>
              <fallbackPackageFolders><clear /><add key="restored" value="{PackageFolder}" /></fallbackPackageFolders>
            </configuration>
            """);
        await DotnetRun.SucceedAsync(
            RepositoryRoot.Path, "pack", "TorchStreaming.slnx", "--no-build", "--nologo", "-warnaserror",
            "-c", Metadata("Configuration"), "-o", Packages, $"-p:Version={Version}");
    }

    /// <summary>Makes an empty folder that restores from this feed.</summary>
    public string CreateFolder(string name)
        => Directory.CreateDirectory(_folder.Combine($"{name}-{Interlocked.Increment(ref _folders)}")).FullName;

    /// <summary>Makes a console program that references packages of this feed, as <c>dotnet new console</c> and <c>dotnet add package</c> would,
    /// with warnings as errors.</summary>
    /// <param name="program">The file's name in <c>Consumers</c>, without its extension.</param>
    /// <param name="references">The packages, each as <c>id/version</c>.</param>
    /// <returns>The folder that holds it.</returns>
    public string CreateProgram(string program, params string[] references)
    {
        var folder = CreateFolder(program);
        File.Copy(Consumer(program), Path.Combine(folder, "Program.cs"));
        var packages = references.Select(static reference => reference.Split('/'))
            .Select(static parts => $"""<PackageReference Include="{parts[0]}" Version="{parts[1]}" />""");
        File.WriteAllText(Path.Combine(folder, program + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                {string.Join('\n', Links.Select(static name => $"<{name}>true</{name}>"))}
              </PropertyGroup>
              <ItemGroup>
                {string.Join('\n', packages)}
              </ItemGroup>
            </Project>
            """);
        return folder;
    }

    /// <summary>Makes a program of one file that references packages of this feed.</summary>
    /// <returns>The file.</returns>
    public FileInfo CreateFileBasedApp(string program, params string[] references)
    {
        var file = new FileInfo(Path.Combine(CreateFolder(program + "-file"), "app.cs"));
        File.WriteAllLines(
            file.FullName,
            [
                .. references.Select(static reference => $"#:package {reference.Replace('/', '@')}"),
                "#:property PublishAot=false",
                "#:property NuGetAudit=false",
                .. Links.Select(static name => $"#:property {name}=true"),
                .. File.ReadAllLines(Consumer(program)),
            ]);
        return file;
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private static string Consumer(string program) => Path.Combine(RepositoryRoot.Path, "tests", "Packaging", "Consumers", program + ".cs");

    private static string Metadata(string key)
        => typeof(PackedFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
