// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

namespace TorchStreaming.Storage;

/// <summary>The rule that every store applies to keys, so that no key leaves the store's root.</summary>
/// <remarks>A key has one or more parts between <c>/</c>; no part is empty, <c>.</c> or <c>..</c>, and none holds a backslash or a control
/// character.</remarks>
internal static class ObjectKey
{
    /// <summary>Says whether a text is a key.</summary>
    /// <param name="key">The text.</param>
    /// <returns><see langword="true"/> if every store takes it as a key.</returns>
    public static bool IsValid(ReadOnlySpan<char> key)
    {
        foreach (var part in key.Split('/'))
        {
            if (key[part] is "" or "." or "..")
            {
                return false;
            }
        }

        foreach (var character in key)
        {
            // A backslash separates folders on Windows only; a key that means two things on two machines is refused on both.
            if (character == '\\' || char.IsControl(character))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Refuses a text that is not a key.</summary>
    /// <param name="key">The text.</param>
    /// <param name="parameterName">The caller's parameter.</param>
    /// <exception cref="ArgumentException">It is not a key.</exception>
    public static void ThrowIfInvalid(string key, [CallerArgumentExpression(nameof(key))] string? parameterName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key, parameterName);
        if (!IsValid(key))
        {
            throw new ArgumentException(
                $"'{key}' is not a key: its parts, separated by '/', must not be empty, '.' or '..', "
                    + "and hold neither backslashes nor control characters.",
                parameterName);
        }
    }
}
