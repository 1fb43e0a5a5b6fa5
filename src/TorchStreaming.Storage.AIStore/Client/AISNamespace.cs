// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>The namespace of a bucket; the default value is the global one.</summary>
/// <param name="Uuid">The id of the remote cluster that has the bucket; empty for this one.</param>
/// <param name="Name">The name within the cluster; may be empty.</param>
public readonly record struct AISNamespace(string Uuid, string Name)
{
    /// <summary>Gets whether this is the global namespace of the cluster that is asked.</summary>
    public bool IsGlobal => string.IsNullOrEmpty(Uuid) && string.IsNullOrEmpty(Name);

    /// <summary>Renders the namespace as AIStore does.</summary>
    /// <returns><c>@uuid#name</c>; <c>@#</c> for the global one.</returns>
    public override string ToString() => $"@{Uuid}#{Name}";

    /// <summary>Reads <c>@uuid#name</c>, <c>@uuid</c> or <c>#name</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The namespace.</returns>
    /// <exception cref="ArgumentException">The text is none of these.</exception>
    public static AISNamespace Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0 || text[0] is not ('@' or '#'))
        {
            throw new ArgumentException($"'{text}' is no namespace of AIStore. Write @uuid#name, @uuid or #name.", nameof(text));
        }

        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var uuid = text[0] == '@' ? text[1..(hash < 0 ? text.Length : hash)] : "";
        return new AISNamespace(uuid, hash < 0 ? "" : text[(hash + 1)..]);
    }
}
