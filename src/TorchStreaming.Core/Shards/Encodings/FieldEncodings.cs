// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace TorchStreaming.Shards;

/// <summary>The encodings by upstream's names. Thread-safe.</summary>
internal static class FieldEncodings
{
    private static readonly ImmutableDictionary<string, FieldEncoding> Simple = new FieldEncoding[]
    {
        new BytesEncoding("bytes"),
        new BytesEncoding("jpeg"),
        new BytesEncoding("png"),
        new StringEncoding(),
        new ScalarEncoding<long>("int", exact: true),
        new ScalarEncoding<byte>("uint8"),
        new ScalarEncoding<ushort>("uint16"),
        new ScalarEncoding<uint>("uint32"),
        new ScalarEncoding<ulong>("uint64"),
        new ScalarEncoding<sbyte>("int8"),
        new ScalarEncoding<short>("int16"),
        new ScalarEncoding<int>("int32"),
        new ScalarEncoding<long>("int64"),
        new ScalarEncoding<Half>("float16"),
        new ScalarEncoding<float>("float32"),
        new ScalarEncoding<double>("float64"),
        new IntegerTextEncoding(),
        new FloatTextEncoding(),
        new DecimalTextEncoding(),
        new JsonEncoding(),
        new NdArrayEncoding("ndarray", dtype: null, shape: []),
        new PilEncoding(),
        new BlobListEncoding("list[jpeg]"),
        new BlobListEncoding("list[png]"),
        new PilListEncoding(),
        new JpegArrayEncoding("jpeg_array"),
        new JpegArrayEncoding("jpegarray"),
        new PickleEncoding(),
    }.ToImmutableDictionary(static encoding => encoding.Name, StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, FieldEncoding> Configured = new(StringComparer.Ordinal);

    /// <summary>Gets the names without configuration, sorted. Only <c>ndarray</c> takes one: <c>ndarray:DTYPE</c> or
    /// <c>ndarray:DTYPE:d0,d1,…</c>.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Simple.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Gets an MDS encoding.</summary>
    /// <param name="name">The name with its configuration.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="ArgumentException">There is no such encoding.</exception>
    public static FieldEncoding Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryGet(name, out var encoding)
            ? encoding
            : throw new ArgumentException(
                $"'{name}' is not an encoding. Known are {string.Join(", ", Names)}, ndarray:DTYPE and ndarray:DTYPE:SHAPE.", nameof(name));
    }

    /// <summary>Gets an MDS encoding for typed access.</summary>
    /// <typeparam name="T">The type of values.</typeparam>
    /// <param name="name">The name with its configuration.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="ArgumentException">There is no such encoding, or its values are of another type.</exception>
    public static FieldEncoding<T> Get<T>(string name)
        where T : allows ref struct => Get(name).As<T>();

    /// <summary>Gets an MDS encoding.</summary>
    /// <param name="name">The name with its configuration.</param>
    /// <param name="encoding">The encoding.</param>
    /// <returns>Whether there is such an encoding.</returns>
    public static bool TryGet(string name, [NotNullWhen(true)] out FieldEncoding? encoding)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Simple.TryGetValue(name, out encoding) || Configured.TryGetValue(name, out encoding))
        {
            return true;
        }

        encoding = NdArrayEncoding.TryParse(name);
        if (encoding is not null && Configured.Count < 1024)
        {
            encoding = Configured.GetOrAdd(name, encoding);
        }

        return encoding is not null;
    }

    /// <summary>Gets the encoding of a column in any format.</summary>
    /// <param name="schema">The columns and the format.</param>
    /// <param name="column">The column's place in <see cref="ShardSchema.Columns"/>.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="ArgumentException">The format has no such encoding.</exception>
    public static FieldEncoding ForColumn(ShardSchema schema, int column)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var name = schema.Columns[column].Encoding;
        return ShardFormats.IsBinary(schema.Format) ? Get(name) : TextFieldEncodings.Get(schema.Format, name);
    }

    /// <summary>Finds the encoding of a column in any format.</summary>
    internal static FieldEncoding? FindForColumn(ShardSchema schema, int column)
    {
        var name = schema.Columns[column].Encoding;
        if (ShardFormats.IsBinary(schema.Format))
        {
            return TryGet(name, out var encoding) ? encoding : null;
        }

        return TextFieldEncodings.Find(schema.Format, name);
    }

    /// <summary>Narrows an encoding for typed access.</summary>
    /// <typeparam name="T">The type of values.</typeparam>
    /// <param name="encoding">The encoding.</param>
    /// <returns>The same encoding.</returns>
    /// <exception cref="ArgumentException">Its values are of another type.</exception>
    public static FieldEncoding<T> As<T>(this FieldEncoding encoding)
        where T : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return encoding as FieldEncoding<T>
            ?? throw new ArgumentException($"Values of encoding '{encoding.Name}' are not of type {typeof(T).Name}.", nameof(encoding));
    }
}
