// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Runtime.Loader;

namespace TorchStreaming.Cli;

/// <summary>ASP.NET Core's runtime, which the tool does without until a command serves something: it is found beside .NET's own.</summary>
internal static class AspNetCoreRuntime
{
    private const string Name = "Microsoft.AspNetCore.App";

    /// <summary>Makes ASP.NET Core's assemblies loadable. Call it before a method that uses one is compiled.</summary>
    /// <exception cref="NotSupportedException">The machine has no such runtime; the message says what to install.</exception>
    public static void Require()
    {
        if (AssemblyLoadContext.Default.Assemblies.Any(static assembly => assembly.GetName().Name == "Microsoft.AspNetCore"))
        {
            return;
        }

        var folder = Find(Path.GetDirectoryName(typeof(object).Assembly.Location)!, Environment.Version) ?? throw new NotSupportedException(
            $"This command needs ASP.NET Core's runtime {Environment.Version.Major}.{Environment.Version.Minor}, which is not beside this .NET. "
            + $"Install it (package aspnetcore-runtime-{Environment.Version.Major}.{Environment.Version.Minor}); the other commands work without.");
        AssemblyLoadContext.Default.Resolving += (context, name) => Load(context, folder, name);
    }

    /// <summary>Finds the runtime's folder beside .NET's: the newest of the same major and minor version.</summary>
    /// <param name="netFolder">The folder of .NET's own runtime, <c>…/shared/Microsoft.NETCore.App/10.0.1</c>.</param>
    /// <param name="version">The version that runs.</param>
    /// <returns>The folder, or <see langword="null"/> where there is none.</returns>
    internal static string? Find(string netFolder, Version version)
    {
        var folder = Path.Combine(netFolder, "..", "..", Name);
        return !Directory.Exists(folder) ? null : Directory.GetDirectories(folder)
            .Where(path => Version.TryParse(Path.GetFileName(path), out var found) && (found.Major, found.Minor) == (version.Major, version.Minor))
            .MaxBy(static path => Version.Parse(Path.GetFileName(path)));
    }

    private static Assembly? Load(AssemblyLoadContext context, string folder, AssemblyName name)
    {
        var file = Path.Combine(folder, name.Name + ".dll");
        return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }
}
