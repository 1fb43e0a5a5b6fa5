// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Objects of AIStore by number, each read with one call: as name and bytes, or as a tensor called <c>data</c>.</summary>
/// <remarks>Samples may be read by several threads at a time. Mirrors <c>aistore.pytorch.AISMapDataset</c>.</remarks>
public class AISMapDataset : AISBaseMapDataset
{
    /// <summary>The name of a sample's tensor.</summary>
    public const string Data = "data";

    private readonly AISReadOptions _read;
    private readonly AISDecoders _decoders;

    /// <summary>Lists the objects.</summary>
    /// <param name="options">What to read, and how bytes become tensors.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    /// <exception cref="StorageException">The listing failed.</exception>
    public AISMapDataset(AISMapDatasetOptions options)
        : base((options ?? throw new ArgumentNullException(nameof(options))).Sources, options.PrefixMap)
    {
        _read = new AISReadOptions { EtlName = options.EtlName };
        _decoders = options.Decoders;
    }

    /// <summary>Reads an object.</summary>
    /// <param name="index">Its number.</param>
    /// <returns>Its name, without the bucket, and its bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object.</exception>
    /// <exception cref="StorageException">The read failed, for example since the object was deleted after the listing.</exception>
    public AISItem this[long index] => ReadAsync(index).AsTask().GetAwaiter().GetResult();

    /// <summary>Reads an object; see <see cref="this[long]"/>.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>Its name and its bytes.</returns>
    public async ValueTask<AISItem> ReadAsync(long index, CancellationToken cancellationToken = default)
    {
        var item = ObjectAt(index);
        return new AISItem(item.Name, await item.ReadAsync(_read, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Reads objects, several at a time.</summary>
    /// <param name="indices">Their numbers.</param>
    /// <returns>Names and bytes, in the order of the numbers.</returns>
    /// <remarks>Mirrors <c>__getitems__</c>, which reads one after the other.</remarks>
    public IReadOnlyList<AISItem> GetItems(IReadOnlyList<long> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return Task.WhenAll(indices.Select(index => ReadAsync(index).AsTask())).GetAwaiter().GetResult();
    }

    /// <summary>Reads an object as a tensor.</summary>
    /// <param name="index">Its number.</param>
    /// <returns><see cref="Data"/>, of the decoder's shape; it belongs to the current dispose scope, otherwise to the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object.</exception>
    /// <exception cref="StorageException">The read failed.</exception>
    /// <exception cref="SampleDecodeException">The bytes cannot be decoded.</exception>
    public override Dictionary<string, Tensor> GetTensor(long index)
    {
        var (name, content) = this[index];
        return new() { [Data] = AISTensors.Decode(_decoders, name, content, Objects[(int)index].ToString(), index) };
    }
}
