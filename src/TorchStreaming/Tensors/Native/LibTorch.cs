// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace TorchStreaming.Tensors;

/// <summary>Loads libtorch before anything of this package uses it, so that a machine where it cannot be loaded gets one message with a
/// remedy. Thread-safe.</summary>
/// <remarks>TorchSharp would look further where its native file was found and refused: it copies all of libtorch beside the program, tries
/// that, fails alike, and writes its whole search into the exception.</remarks>
internal static partial class LibTorch
{
    private const string Page = "docs/troubleshooting/torchsharp-does-not-load.md";

    private static readonly Lazy<NotSupportedException?> s_failure = new(Load);

    /// <summary>Makes sure that libtorch is loaded.</summary>
    /// <exception cref="NotSupportedException">It cannot be; the message says what is missing and what to do.</exception>
    public static void Require()
    {
        if (s_failure.Value is { } failure)
        {
            throw new NotSupportedException(failure.Message, failure.InnerException);
        }
    }

    /// <summary>Says what to do where the system's loader found the native file of TorchSharp and refused it.</summary>
    /// <param name="loaderMessage">What the loader wrote, a line for each place where it looked.</param>
    /// <returns>The message, or <see langword="null"/> where the file was not found, which TorchSharp's own search may change.</returns>
    internal static string? ExplainRefusal(string loaderMessage)
    {
        if (MissingVersion().Match(loaderMessage) is { Success: true } version)
        {
            return $"TorchSharp's libLibTorchSharp.so asks for {version.Groups["version"].Value}, and this machine's {version.Groups["library"].Value} is older. "
                + "A build with the package TorchStreaming makes the file load here: leave TorchSharpOnOlderLinux at its default, true. "
                + $"Without that, the program needs a newer system, such as Debian 13 or Ubuntu 24.04 ({Page}).";
        }

        return MissingLibrary().Match(loaderMessage) is { Success: true } missing && !missing.Groups["library"].Value.Contains("LibTorchSharp", StringComparison.Ordinal)
            ? $"TorchSharp's libLibTorchSharp.so needs {missing.Groups["library"].Value}, which is not on this machine. Reference TorchSharp-cpu or a TorchSharp-cuda package in the "
                + $"application, with TorchSharp's version; a library of the system comes with its package ({Page})."
            : null;
    }

    private static NotSupportedException? Load()
    {
        if (OperatingSystem.IsLinux() && TryLoad(out var loaderMessage) is false && ExplainRefusal(loaderMessage) is { } refusal)
        {
            return new NotSupportedException(refusal, new DllNotFoundException(loaderMessage));
        }

        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
            return null;
        }
        catch (TypeInitializationException exception)
        {
            var version = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
            return new NotSupportedException(
                "TorchSharp found no libtorch for this machine. Reference TorchSharp-cpu or a TorchSharp-cuda package in the application, "
                + $"with TorchSharp's version, {version} ({Page}).",
                exception);
        }
    }

    // The two files and the order in which TorchSharp loads them.
    private static bool TryLoad(out string loaderMessage)
    {
        loaderMessage = "";
        try
        {
            _ = NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);
            _ = NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            return true;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            loaderMessage = exception.Message;
            return false;
        }
    }

    [GeneratedRegex(@"(?<library>[^\s/:]+\.so[.\d]*): version [`'](?<version>[^']+)' not found")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"(?<![\w/.])(?<library>lib[^\s/:]+\.so[.\d]*): cannot open shared object file")]
    private static partial Regex MissingLibrary();
}
