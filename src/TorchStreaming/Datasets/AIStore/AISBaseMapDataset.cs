// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.Streams;
using TorchStreaming.Tensors;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Datasets of AIStore whose samples are objects, read by number. Derive from it and read <see cref="Objects"/> as you
/// like.</summary>
/// <remarks>All objects are listed when the dataset is made; they are not listed again. Samples may be read by several threads at a time.
/// Mirrors <c>aistore.pytorch.AISBaseMapDataset</c>.</remarks>
public abstract class AISBaseMapDataset : utils.data.Dataset
{
    /// <summary>Lists the objects.</summary>
    /// <param name="aisSourceList">The sources: buckets or groups of objects, at least one.</param>
    /// <param name="prefixMap">Which prefixes of them are read; <see langword="null"/> for everything.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    /// <exception cref="StorageException">The listing failed.</exception>
    protected AISBaseMapDataset(IReadOnlyList<AISSource> aisSourceList, AISPrefixMap? prefixMap = null)
    {
        LibTorch.Require();
        var list = new AISObjectList(aisSourceList, prefixMap ?? [], GetType().Name);
        Objects = [.. BlockingEnumeration.Of(list.ReadAllAsync(CancellationToken.None))];
    }

    /// <summary>Gets the objects, with their sizes: sources in their order, prefixes in theirs, names in the server's.</summary>
    /// <remarks>Mirrors <c>get_obj_list()</c>.</remarks>
    public IReadOnlyList<AISObject> Objects { get; }

    /// <summary>Gets the number of objects.</summary>
    public override long Count => Objects.Count;

    /// <summary>Gets an object by its number.</summary>
    /// <param name="index">The number, from 0.</param>
    /// <returns>The object.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object. In the reference negative numbers count from the end; here
    /// they are errors, as everywhere in .NET.</exception>
    protected AISObject ObjectAt(long index) => index >= 0 && index < Objects.Count
        ? Objects[(int)index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"<{GetType().Name}> index must be in bounds of dataset.");

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}: {Counted.Of(Objects.Count, "object")}, {new ByteSize(Objects.Sum(static item => item.Size))}";
}
