// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>A dataset in the first streaming format of Composer (2022) as a map-style dataset of TorchSharp: a sample is a tensor for
/// each name, and the order is Composer's.</summary>
/// <remarks>Fields have no types in this format. Either a decoder for each makes a tensor of its bytes, which is Composer's way; or the
/// engine's columns read them in place, which is faster, once <see cref="LegacyStreamingDatasetOptions.Encodings"/> says what they hold.
/// Mirrors <c>composer.datasets.streaming.StreamingDataset</c> as PyTorch's loader sees it.</remarks>
/// <example><code>
/// var decoders = new Dictionary&lt;string, Func&lt;ReadOnlySpan&lt;byte&gt;, Tensor&gt;&gt;
/// {
///     ["x"] = bytes => torch.tensor(bytes.ToArray(), dtype: torch.uint8),
///     ["y"] = bytes => torch.tensor(BinaryPrimitives.ReadInt64LittleEndian(bytes)),
/// };
/// using var cifar = new LegacyStreamingMapDataset(
///     new() { Remote = "s3://bucket/cifar10/train", Local = "/nvme/cifar10", Shuffle = true, TensorDecoders = decoders, BatchSize = 256 });
/// using var loader = new StreamingDataLoader(cifar, numWorkers: 8);
/// </code></example>
public class LegacyStreamingMapDataset : StreamingTensorDataset
{
    /// <summary>Opens a dataset. The constructor brings the index.</summary>
    /// <param name="options">What to read, how to order it, and what makes a tensor of each field.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a field does not exist.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    /// <exception cref="CacheException">The local directory cannot be used, or the dataset is compressed and would have to be
    /// decompressed where it is.</exception>
    public LegacyStreamingMapDataset(LegacyStreamingMapDatasetOptions options)
        : this(Open(options), options.TensorDecoders, options.Collate)
    {
    }

    /// <summary>Creates a dataset with a decoder for each field.</summary>
    /// <param name="source">The dataset; disposed with this one, also when this fails. Its own decoders are not used.</param>
    /// <param name="decoders">What makes a tensor of each field; samples have these names only.</param>
    /// <param name="collate">Puts the samples of a batch together, on the loop's thread; <see langword="null"/> to stack them name by
    /// name. It must not dispose its input.</param>
    /// <param name="leaveOpen">Whether <paramref name="source"/> is not disposed with this dataset.</param>
    /// <exception cref="ArgumentException">A field does not exist.</exception>
    public LegacyStreamingMapDataset(
        LegacyStreamingDataset source,
        IReadOnlyDictionary<string, Func<ReadOnlySpan<byte>, Tensor>> decoders,
        Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? collate = null,
        bool leaveOpen = false)
        : this(source, CreateRecipe(decoders, collate), leaveOpen)
    {
    }

    /// <summary>Creates a dataset whose samples the engine turns into rows of tensors, in place: the fast way.</summary>
    /// <param name="source">The dataset; disposed with this one, also when this fails.</param>
    /// <param name="transform">The transform applied to a sample, for example a <see cref="ColumnSet"/>.</param>
    /// <param name="leaveOpen">Whether <paramref name="source"/> is not disposed with this dataset.</param>
    /// <exception cref="ArgumentException">The samples lack a field that the transform needs, or nothing says that it holds what the
    /// transform reads; see <see cref="LegacyStreamingDatasetOptions.Encodings"/>.</exception>
    public LegacyStreamingMapDataset(LegacyStreamingDataset source, SampleTransform transform, bool leaveOpen = false)
        : this(source, ColumnRecipe.Create(transform), leaveOpen)
    {
    }

    private LegacyStreamingMapDataset(LegacyStreamingDataset source, BatchRecipe recipe, bool leaveOpen)
        : base(
            source ?? throw new ArgumentNullException(nameof(source)), source.Options.ShuffleSeed, recipe, leaveOpen ? null : source) =>
        Source = source;

    /// <summary>Gets the engine's dataset.</summary>
    public LegacyStreamingDataset Source { get; }

    private static LegacyStreamingDataset Open(LegacyStreamingMapDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.TensorDecoders);
        return LegacyStreamingDataset.Open(options);
    }

    private static FunctionRecipe CreateRecipe(
        IReadOnlyDictionary<string, Func<ReadOnlySpan<byte>, Tensor>> decoders,
        Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? collate)
    {
        ArgumentNullException.ThrowIfNull(decoders);
        return new FunctionRecipe(new TensorDecoderFunction(decoders), collate);
    }
}
