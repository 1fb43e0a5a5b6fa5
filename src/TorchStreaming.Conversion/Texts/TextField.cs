// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A column of a dataset of texts, and where its value is in a line of JSON.</summary>
/// <param name="Column">The name of the column, whose encoding is <c>str</c>.</param>
/// <param name="Path">The names of the fields that lead to the value, with dots between, for example
/// <c>meta.pile_set_name</c>.</param>
internal sealed record TextField(string Column, string Path)
{
    /// <summary>Reads <c>column=path</c>, or <c>name</c> where both are the same.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The field.</returns>
    /// <exception cref="FormatException">The column or a name is empty.</exception>
    public static TextField Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var field = equals < 0 ? new TextField(text, text) : new TextField(text[..equals], text[(equals + 1)..]);
        return field.Column.Length > 0 && !field.Path.Split('.').Contains("")
            ? field
            : throw new FormatException($"'{text}' is no field. Write a name, as in text, or column=path, as in set=meta.set.");
    }
}
