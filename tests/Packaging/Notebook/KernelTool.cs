// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Packaging.Tests;

/// <summary>The kernel of .NET Interactive that <c>.config/dotnet-tools.json</c> names.</summary>
internal static class KernelTool
{
    private const string Package = "microsoft.dotnet-interactive";

    /// <summary>Where this variable is set, tests of the kernel fail instead of being skipped.</summary>
    private const string Variable = "TORCHSTREAMING_REQUIRE_NOTEBOOK_KERNEL";

    private static readonly Lazy<(string? Path, string? Problem)> Found = new(Restore);

    /// <summary>Gets the kernel's program.</summary>
    /// <exception cref="InvalidOperationException">It is not here; the message says why.</exception>
    public static string Path => Found.Value.Path ?? throw new InvalidOperationException(Found.Value.Problem);

    /// <summary>Gets why tests of the kernel are skipped; <see langword="null"/> where they are not.</summary>
    public static string? Problem => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } ? null : Found.Value.Problem;

    private static (string? Path, string? Problem) Restore()
    {
        if (OperatingSystem.IsWindows())
        {
            return (null, "On Windows the kernel's home cannot be moved, so it would use the user's package folder.");
        }

        if (Find() is { } installed)
        {
            return (installed, null);
        }

        var start = new ProcessStartInfo(DotnetRun.Host, ["tool", "restore"])
        {
            WorkingDirectory = RepositoryRoot.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Find() is { } restored
            ? (restored, null)
            : (null, $"The kernel of .NET Interactive cannot be installed; dotnet tool restore says: {output}{errors.GetAwaiter().GetResult()}".Trim());
    }

    private static string? Find()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(RepositoryRoot.Path, ".config", "dotnet-tools.json")));
        var version = manifest.RootElement.GetProperty("tools").GetProperty(Package).GetProperty("version").GetString()!;
        var tools = new DirectoryInfo(System.IO.Path.Combine(PackedFeed.PackageFolder, Package, version, "tools"));
        return tools.Exists ? tools.EnumerateFiles("Microsoft.DotNet.Interactive.App.dll", SearchOption.AllDirectories).FirstOrDefault()?.FullName : null;
    }
}
