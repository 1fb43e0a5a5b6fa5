// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>The rules for names of objects in a cluster, and how they travel in a path.</summary>
internal static class AISObjectName
{
    /// <summary>Refuses what a cluster refuses, before it is sent: some of these a URI would turn into another name.</summary>
    public static void ThrowIfInvalid(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.StartsWith("~/", StringComparison.Ordinal) || name[0] == '/' || name[^1] == '/'
            || name.Split('/').Any(static part => part is "." or ".."))
        {
            throw new ArgumentException(
                $"'{name}' is no object of AIStore: names have no part '.' or '..', no '/' at either end and do not start with '~/'.",
                nameof(name));
        }
    }

    /// <summary>Escapes every part of a name and keeps the slashes.</summary>
    public static string Escape(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
}
