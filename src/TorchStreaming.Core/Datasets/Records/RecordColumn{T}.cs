// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>A column of a <see cref="RecordSchema{T}"/>, whatever its values are.</summary>
internal abstract class RecordColumn<T>(string name, FieldEncoding encoding)
{
    public string Name => name;

    public FieldEncoding Encoding => encoding;

    /// <summary>Tells whether a column of a dataset has values of the same type.</summary>
    public abstract bool Takes(FieldEncoding stored);

    public abstract void Write(MdsRow row, T record);
}

/// <inheritdoc/>
internal sealed class RecordColumn<T, TValue>(string name, FieldEncoding<TValue> encoding, Func<T, TValue> get)
    : RecordColumn<T>(name, encoding)
    where TValue : allows ref struct
{
    public override bool Takes(FieldEncoding stored) => stored is FieldEncoding<TValue>;

    public override void Write(MdsRow row, T record) => row.Set(Name, get(record));
}
