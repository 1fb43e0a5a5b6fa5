// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Objects of AIStore from the first to the last, many read with one call: as name and bytes, or as a list of one tensor. Faster
/// than <see cref="AISIterDataset"/> where objects are small.</summary>
/// <remarks>What the cluster leaves out of an answer is asked for again, together and then one by one; in the reference such samples are lost
/// or empty without a word. Mirrors <c>aistore.pytorch.AISBatchIterDataset</c>, whose client is that of the sources here and whose answers
/// are always streamed tars.</remarks>
public class AISBatchIterDataset : AISBaseIterDataset
{
    private readonly AISBatchStream _stream;
    private readonly AISDecoders _decoders;

    /// <summary>Creates the dataset; no I/O is done yet.</summary>
    /// <param name="options">What to read, in which order, and how bytes become tensors.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    public AISBatchIterDataset(AISBatchIterDatasetOptions options)
        : base(options)
    {
        _stream = new AISBatchStream(options.Sources, options, options.MaxBatchSize, options.Colocation);
        _decoders = options.Decoders;
    }

    /// <summary>Reads the next epoch, or what is left of the one that a state was taken in.</summary>
    /// <returns>Names and bytes.</returns>
    public IEnumerable<AISItem> ReadEpoch() => _stream.ReadEpoch();

    /// <summary>Reads the next epoch; see <see cref="ReadEpoch"/>.</summary>
    /// <param name="cancellationToken">Ends the epoch.</param>
    /// <returns>Names and bytes.</returns>
    public IAsyncEnumerable<AISItem> ReadEpochAsync(CancellationToken cancellationToken = default) => _stream.ReadEpochAsync(cancellationToken);

    /// <summary>Says where the dataset is: after the last sample it gave.</summary>
    /// <returns>The state.</returns>
    public AISStreamState StateDict() => _stream.StateDict();

    /// <summary>Lets the next epoch start where a state was taken.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ResumeException">The state is of another share or of another seed.</exception>
    public void LoadStateDict(AISStreamState state) => _stream.LoadStateDict(state);

    /// <inheritdoc/>
    protected override IEnumerable<Func<IList<Tensor>>> ReadSamples() => ReadEpoch().Select(
        (item, index) => (Func<IList<Tensor>>)(() => [AISTensors.Decode(_decoders, item.Name, item.Content, item.Name, index)]));
}
