// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using TorchStreaming.Imaging;

namespace TorchStreaming.Conversion;

/// <summary>Makes a small labeled folder of images to try things with: one folder per class, each showing its own shape in varied place,
/// size,
/// turn and color on textured noise.</summary>
/// <remarks>Every image depends on nothing but the options and its number, so neither threads nor order show. Thread-safe.</remarks>
public static class SyntheticImageFolder
{
    /// <summary>The folder of the training images when there are images for validation.</summary>
    public const string TrainingSplit = "train";

    /// <summary>The folder of the images for validation.</summary>
    public const string ValidationSplit = "val";

    /// <summary>Makes the folder.</summary>
    /// <param name="directory">The folder; it is created.</param>
    /// <param name="options">What it holds; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Is told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Ends the work; what is there by then stays.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="ArgumentException"><see cref="SyntheticImageFolderOptions.MinimumSize"/> is above the maximum.</exception>
    /// <exception cref="StorageException">The folder has content and may not be overwritten, or cannot be written.</exception>
    public static async Task<SyntheticImages> CreateAsync(
        string directory,
        SyntheticImageFolderOptions? options = null,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= SyntheticImageFolderOptions.Default;
        if (options.MinimumSize > options.MaximumSize)
        {
            throw new ArgumentException(
                $"The minimum size, {options.MinimumSize}, is above the maximum, {options.MaximumSize}.", nameof(options));
        }

        var root = Path.GetFullPath(directory);
        var classes = Enum.GetValues<SyntheticShape>().Take(options.Classes).Select(NameOf).ToImmutableArray();
        ImmutableArray<string> splits = options.ValidationImages > 0 ? [TrainingSplit, ValidationSplit] : [""];
        LocalFiles.Guard(root, () =>
            PrepareFolders(root, [.. splits.SelectMany(split => classes.Select(name => Path.Combine(split, name)))], options.Overwrite));

        var total = checked(options.Images + options.ValidationImages);
        var meter = new ProgressMeter(progress, new ConversionProgress(0, total, 0, 0), TimeProvider.System);
        using var workshops = new WorkshopPool(options);
        var bytes = 0L;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, total, parallel, (number, _) =>
        {
            var split = number < options.Images ? 0 : 1;
            var size = workshops.Make(root, splits[split], classes, split, split == 0 ? number : number - options.Images);
            Interlocked.Add(ref bytes, size);
            meter.Add(1, 0, size);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        meter.Complete();
        return new SyntheticImages([.. classes.Order(StringComparer.Ordinal)], total, bytes, options.RawPixels);
    }

    private static string NameOf(SyntheticShape shape) => shape.ToString().ToLowerInvariant();

    private static void PrepareFolders(string root, ImmutableArray<string> folders, bool overwrite)
    {
        if (File.Exists(root))
        {
            throw new StorageException(StorageErrorKind.PreconditionFailed, root, $"'{root}' is a file. Name a folder that is new or empty.");
        }

        if (overwrite)
        {
            foreach (var folder in folders.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        else if (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any())
        {
            throw new StorageException(
                StorageErrorKind.PreconditionFailed,
                root,
                $"The folder '{root}' is not empty. Name another one, or allow overwriting (Overwrite; --overwrite of the tool).");
        }

        foreach (var folder in folders)
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }
    }

    /// <summary>Leases a painter and an encoder to each thread.</summary>
    private sealed class WorkshopPool(SyntheticImageFolderOptions options) : IDisposable
    {
        private readonly ConcurrentBag<(SyntheticImagePainter Painter, JpegEncoder? Encoder)> _idle = [];

        /// <summary>Makes one file and answers its size.</summary>
        public long Make(string root, string splitFolder, ImmutableArray<string> classes, int split, int number)
        {
            if (!_idle.TryTake(out var workshop))
            {
                workshop = (new SyntheticImagePainter(), options.RawPixels ? null : new JpegEncoder(options.Quality));
            }

            try
            {
                var label = number % classes.Length;
                var painter = workshop.Painter;
                painter.Paint((SyntheticShape)label, (float)label / classes.Length, options, new SplitMix64(options.Seed, split, number));
                var (width, height) = (painter.Info.Width, painter.Info.Height);
                var content = workshop.Encoder is { } encoder
                    ? encoder.Encode(painter.Pixels, width, height)
                    : RawImage.EncodeRgb(painter.Pixels, width, height);
                var extension = workshop.Encoder is null ? "pil" : "jpg";
                var name = string.Create(CultureInfo.InvariantCulture, $"{number:D5}.{extension}");
                LocalFiles.Write(Path.Combine(root, splitFolder, classes[label], name), content);
                return content.Length;
            }
            finally
            {
                _idle.Add(workshop);
            }
        }

        public void Dispose()
        {
            while (_idle.TryTake(out var workshop))
            {
                workshop.Encoder?.Dispose();
            }
        }
    }
}
