// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Any streaming dataset as a map-style dataset of TorchSharp: a sample is a tensor for each name.</summary>
/// <remarks>Mirrors <c>streaming.StreamingDataset</c> as PyTorch's loader sees it.</remarks>
public class StreamingMapDataset : StreamingTensorDataset
{
    /// <summary>Creates a dataset whose samples the engine turns into rows of tensors, in place: the fast way.</summary>
    /// <param name="source">The dataset; disposed with this one.</param>
    /// <param name="transform">The transform applied to a sample, for example a <see cref="ColumnSet"/>.</param>
    /// <param name="leaveOpen">Whether <paramref name="source"/> is not disposed with this dataset.</param>
    /// <exception cref="ArgumentException">The samples lack a column that the transform needs, or it has an encoding that cannot be
    /// read.</exception>
    public StreamingMapDataset(StreamingDataset source, SampleTransform transform, bool leaveOpen = false)
        : this(source, ColumnRecipe.Create(transform), leaveOpen)
    {
    }

    /// <summary>Creates a dataset whose samples a function turns into tensors: the way for code that has no faster one.</summary>
    /// <param name="source">The dataset; disposed with this one.</param>
    /// <param name="function">Makes the tensors of a sample.</param>
    /// <param name="collate">Puts the samples of a batch together, on the loop's thread; <see langword="null"/> to stack them name by
    /// name. It must not dispose its input.</param>
    /// <param name="leaveOpen">Whether <paramref name="source"/> is not disposed with this dataset.</param>
    public StreamingMapDataset(
        StreamingDataset source,
        SampleFunction function,
        Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? collate = null,
        bool leaveOpen = false)
        : this(source, FunctionRecipe.Create(function, collate), leaveOpen)
    {
    }

    /// <summary>Opens the dataset that options name.</summary>
    /// <param name="options">What to read and how.</param>
    /// <param name="recipe">How samples become tensors; disposed with this dataset, also when this fails.</param>
    internal StreamingMapDataset(StreamingDatasetOptions options, BatchRecipe recipe)
        : this(Open(options, recipe), recipe, leaveOpen: false)
    {
    }

    internal StreamingMapDataset(ILoaderSource engine, ulong seed, BatchRecipe recipe, IDisposable? owned)
        : base(engine, seed, recipe, owned)
    {
    }

    private StreamingMapDataset(StreamingDataset source, BatchRecipe recipe, bool leaveOpen)
        : this(source ?? throw new ArgumentNullException(nameof(source)), source.Options.ShuffleSeed, recipe, leaveOpen ? null : source)
    {
    }

    /// <summary>Gets the engine's dataset.</summary>
    public StreamingDataset Source => (StreamingDataset)Engine;

    /// <summary>Reads several samples one by one as they are enumerated, for example <c>dataset.GetTensors(dataset.Source[10..20])</c>:
    /// the shards of the next ones are fetched meanwhile.</summary>
    /// <param name="samples">Which samples, selected from <see cref="Source"/>.</param>
    /// <returns>What <see cref="StreamingTensorDataset.GetTensor"/> makes of each, in the order of the selection; on the thread that
    /// enumerates.</returns>
    /// <exception cref="SampleDecodeException">A sample cannot be read, decoded or transformed.</exception>
    /// <remarks>Mirrors <c>dataset[start:stop]</c> and <c>dataset[[…]]</c>.</remarks>
    public IEnumerable<Dictionary<string, Tensor>> GetTensors(SampleSelection samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Read(samples);
    }

    private static StreamingDataset Open(StreamingDatasetOptions options, BatchRecipe recipe)
    {
        try
        {
            return StreamingDataset.Open(options);
        }
        catch
        {
            recipe.Dispose();
            throw;
        }
    }

    private IEnumerable<Dictionary<string, Tensor>> Read(SampleSelection samples)
    {
        foreach (var sample in samples)
        {
            using (sample)
            {
                yield return Read(sample);
            }
        }
    }
}
