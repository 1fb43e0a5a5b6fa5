// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Shards;

/// <summary>The three encodings of text shards: <c>str</c>, <c>int</c> and <c>float</c>, as JSON values or as bare text.</summary>
internal static class TextFieldEncodings
{
    /// <summary>The names, for messages.</summary>
    public const string Names = "str, int, float";

    private static readonly ImmutableArray<FieldEncoding> Json =
        [new JsonStringEncoding(), new TextIntegerEncoding(isJson: true), new TextFloatEncoding(isJson: true)];

    private static readonly ImmutableArray<FieldEncoding> Bare =
        [new BareStringEncoding(), new TextIntegerEncoding(isJson: false), new TextFloatEncoding(isJson: false)];

    /// <summary>Finds an encoding.</summary>
    /// <param name="format">The shard's format.</param>
    /// <param name="name">The encoding's name.</param>
    /// <returns>The encoding, or <see langword="null"/> when there is none.</returns>
    public static FieldEncoding? Find(string format, string name)
    {
        foreach (var encoding in format == ShardFormats.Json ? Json : Bare)
        {
            if (encoding.Name == name)
            {
                return encoding;
            }
        }

        return null;
    }

    /// <summary>Gets an encoding.</summary>
    /// <param name="format">The shard's format.</param>
    /// <param name="name">The encoding's name.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="ArgumentException">There is no such encoding.</exception>
    public static FieldEncoding Get(string format, string name) => Find(format, name)
        ?? throw new ArgumentException($"'{name}' is not an encoding of '{format}' shards. Known are {Names}.", nameof(name));
}
