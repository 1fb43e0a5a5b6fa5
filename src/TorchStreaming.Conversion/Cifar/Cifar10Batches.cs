// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>A split of CIFAR-10 in its binary version: columns <c>i</c> (the image's number), <c>x</c> (uncompressed pixels, 32 by 32) and
/// <c>y</c> (its class), as <c>StreamingCIFAR10</c> reads them.</summary>
/// <remarks>A file is a row of records: one byte for the class, then 1024 bytes each of red, green and blue. Pickles of the Python version
/// are refused, since reading a pickle runs code. Mirrors <c>streaming/vision/convert/cifar10.py</c>.</remarks>
internal sealed class Cifar10Batches : RawSource
{
    /// <summary>The size of a record.</summary>
    internal const int RecordLength = 1 + (3 * PlaneLength);

    /// <summary>The number of pixels.</summary>
    internal const int PlaneLength = Side * Side;

    /// <summary>The width and height of an image.</summary>
    internal const int Side = 32;

    private const string ClassesFileName = "batches.meta.txt";

    private static readonly ImmutableArray<string> UsualClasses =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    private readonly ImmutableArray<ListedFile> _files;
    private readonly int[] _firsts;

    private Cifar10Batches(string directory, ImmutableArray<ListedFile> files, ImmutableArray<string> classes)
        : base(directory)
    {
        _files = files;
        Classes = classes;
        _firsts = new int[files.Length + 1];
        for (var i = 0; i < files.Length; i++)
        {
            _firsts[i + 1] = checked(_firsts[i] + (int)(files[i].Bytes / RecordLength));
        }
    }

    /// <inheritdoc/>
    public override ImmutableArray<string> Classes { get; }

    /// <inheritdoc/>
    public override RawConverterOptions DefaultOptions => RawConverterOptions.Default with { SizeLimit = ByteSize.MiB(1), Shuffle = true };

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns { get; } = [new("i", "int", 8), new("x", "pil", null), new("y", "int", 8)];

    /// <inheritdoc/>
    internal override int? Count => _firsts[^1];

    /// <summary>Lists a split.</summary>
    /// <param name="directory">The folder with <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> (split <c>train</c>) and
    /// <c>test_batch.bin</c> (split <c>test</c>).</param>
    /// <param name="split">The split.</param>
    /// <returns>The images.</returns>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    /// <exception cref="NotSupportedException">The files are those of the Python version.</exception>
    /// <exception cref="StorageException">There are no such files, or one is not a whole number of records.</exception>
    public static Cifar10Batches Open(string directory, string split)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var name = split switch
        {
            "train" => "data_batch_",
            "test" => "test_batch",
            _ => throw new ArgumentException($"CIFAR-10 has the splits train and test, not '{split}'.", nameof(split)),
        };
        var path = Path.GetFullPath(directory);
        if (!File.Exists(Path.Combine(path, FirstOf(name, ".bin"))) && File.Exists(Path.Combine(path, FirstOf(name, ""))))
        {
            throw new NotSupportedException(
                $"'{path}' holds the Python version of CIFAR-10, whose files are pickles: reading one runs whatever code it names. "
                + "Use the binary version, cifar-10-binary.tar.gz, which the dataset's page offers beside it.");
        }

        var files = RawListing.List(path, name + "*", recurse: false, ".bin");
        foreach (var file in files)
        {
            if (file.Bytes == 0 || file.Bytes % RecordLength != 0)
            {
                throw new StorageException(
                    StorageErrorKind.PreconditionFailed,
                    file.In(path),
                    $"'{file.In(path)}' has {file.Bytes} bytes, which is no whole number of records of {RecordLength} bytes. Get the file again.");
            }
        }

        return new Cifar10Batches(path, files, ReadClasses(path));
    }

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append)
    {
        foreach (var file in _files)
        {
            append(file.Path);
        }
    }

    /// <inheritdoc/>
    internal override void AppendFacts(IncrementalHash digest, int item) => _files[FileOf(item)].AppendTo(digest);

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new Cifar10Reader(this);

    /// <summary>Finds an image.</summary>
    /// <param name="item">Its number.</param>
    /// <returns>The path of its file, the file's name, and its record in there.</returns>
    internal (string Path, string Name, int Record) Find(int item)
    {
        var file = FileOf(item);
        return (_files[file].In(Location), _files[file].Path, item - _firsts[file]);
    }

    private static string FirstOf(string name, string extension) => (name[^1] == '_' ? name + "1" : name) + extension;

    private static ImmutableArray<string> ReadClasses(string directory)
    {
        var path = Path.Combine(directory, ClassesFileName);
        if (!File.Exists(path))
        {
            return UsualClasses;
        }

        var lines = Array.Empty<string>();
        LocalFiles.Guard(path, () => lines = File.ReadAllLines(path, Encoding.UTF8));
        return [.. lines.Select(static line => line.Trim()).Where(static line => line.Length > 0)];
    }

    private int FileOf(int item)
    {
        var found = Array.BinarySearch(_firsts, item);
        return found >= 0 ? found : ~found - 1;
    }
}
