// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.Transforms;

namespace TorchStreaming.Datasets;

/// <summary>Turns samples that hold a video, or name one, into columns: texts as UTF-8, the duration, the video file, and its
/// frames.</summary>
internal sealed class VideoSampleTransform : SampleTransform
{
    public const string ContentColumn = "content";
    public const string PathColumn = "content_path";

    private static readonly ImmutableArray<string> Texts = ["videoid", "name", "page_idx", "page_dir", "contentUrl"];

    private readonly ColumnSet _fields;
    private readonly bool _isInside;
    private readonly ExtraFileCache? _files;
    private readonly VideoFrameReader? _reader;
    private readonly Action _begun;

    /// <summary>Creates the transform.</summary>
    /// <param name="isInside">Whether the video is a column of the sample.</param>
    /// <param name="files">Where videos are that are none; <see langword="null"/> to leave them out.</param>
    /// <param name="reader">Decodes frames; <see langword="null"/> to decode none.</param>
    /// <param name="begun">Hears of each sample that is worked on.</param>
    public VideoSampleTransform(bool isInside, ExtraFileCache? files, VideoFrameReader? reader, Action begun)
    {
        _isInside = isInside;
        _files = files;
        _reader = reader;
        _begun = begun;
        var texts = isInside ? Texts : Texts.Add(PathColumn);
        _fields = new ColumnSet([.. texts.Select(static name => new BytesColumn(name)), new ScalarColumn("duration")]);
        var columns = _fields.Columns.ToBuilder();
        if (isInside || files is not null)
        {
            columns.Add(new BatchColumn(ContentColumn, ElementType.UInt8, ColumnLayout.List, [-1]));
        }

        if (reader is not null)
        {
            var frames = reader.Frames;
            columns.Add(BatchColumn.Dense("frames", ElementType.UInt8, frames.Count, 3, frames.Height, frames.Width));
            columns.Add(BatchColumn.Dense("frame_count", ElementType.Int64));
        }

        Columns = columns.ToImmutable();
    }

    public override ImmutableArray<BatchColumn> Columns { get; }

    public override void Validate(ShardSchema schema)
    {
        _fields.Validate(schema);
        if (_isInside)
        {
            _ = ColumnSet.Find(schema, ContentColumn);
        }
    }

    internal override SampleTransformWorker CreateWorker() => new Worker(this);

    private sealed class Worker(VideoSampleTransform owner) : SampleTransformWorker
    {
        private readonly SampleTransformWorker _fields = owner._fields.CreateWorker();

        public override void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row)
        {
            owner._begun();
            _fields.Transform(sample, context, slot, row);
            var column = owner._fields.Columns.Length;
            if (owner._isInside)
            {
                WriteInside(sample[sample.Schema.IndexOf(ContentColumn)], slot, column, row, context.Stopping);
            }
            else if (owner._files is { } files)
            {
                var path = Encoding.UTF8.GetString(sample[sample.Schema.IndexOf(PathColumn)]);
                WriteOutside(files, path, slot, column, row, context.Stopping);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _fields.Dispose();
            }

            base.Dispose(disposing);
        }

        private void WriteInside(ReadOnlySpan<byte> content, IBatchSlot slot, int column, int row, CancellationToken stopping)
        {
            content.CopyTo(slot.AllocateRow(column, row, [content.Length]));
            if (owner._reader is null)
            {
                return;
            }

            // Programs seek in videos, which needs a file.
            var path = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(path, content);
                WriteFrames(ContentColumn, path, slot, column + 1, row, stopping);
            }
            finally
            {
                File.Delete(path);
            }
        }

        private void WriteOutside(ExtraFileCache files, string path, IBatchSlot slot, int column, int row, CancellationToken stopping)
        {
            // The thread is the loader's own and has nothing else to do.
            using var file = files.GetAsync(path, stopping).AsTask().GetAwaiter().GetResult();
            try
            {
                using var handle = File.OpenHandle(file.Path, options: FileOptions.SequentialScan);
                var length = RandomAccess.GetLength(handle);
                var target = slot.AllocateRow(column, row, [length]);
                for (var read = 0; read < target.Length;)
                {
                    var count = RandomAccess.Read(handle, target[read..], read);
                    read += count > 0 ? count : throw new InvalidDataException($"'{file.Path}' has become shorter while it was read.");
                }
            }
            catch (Exception error) when (FileErrors.IsFileError(error))
            {
                throw new ColumnException(PathColumn, $"'{file.Path}' cannot be read: {error.Message}", error);
            }

            WriteFrames(PathColumn, file.Path, slot, column + 1, row, stopping);
        }

        private void WriteFrames(string source, string path, IBatchSlot slot, int column, int row, CancellationToken stopping)
        {
            if (owner._reader is not { } reader)
            {
                return;
            }

            try
            {
                var frames = slot.GetRow(column, row);
                long count = reader.Read(path, frames, stopping);
                PlanarFrames.ToRgb(frames, (int)reader.Frames.FrameBytes);
                MemoryMarshal.Write(slot.GetRow(column + 1, row), count);
            }
            catch (Exception error) when (error is InvalidDataException or TimeoutException)
            {
                throw new ColumnException(source, error.Message, error);
            }
        }
    }
}
