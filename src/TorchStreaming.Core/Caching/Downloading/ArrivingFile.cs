// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>A file of an index in flight: takes its parts in any order, and gives its bytes from the front as soon as none before them is
/// missing.</summary>
/// <remarks>What is read back is in the system's page cache, so that nothing waits in memory for a slow part. Parts come from several
/// threads; there is one reader at most.</remarks>
internal sealed class ArrivingFile : ReadOnlyStream, IDownloadTarget
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly ShardFileInfo _info;
    private readonly ShardLocation _location;
    private readonly FileLock _held;
    private readonly Lock _gate = new();
    private readonly long[] _parts;
    private int _firstMissing;
    private long _frontier;
    private long _received;
    private bool _hasEnded;
    private Exception? _failure;
    private TaskCompletionSource? _waiter;
    private long _position;

    /// <summary>Creates the arrival.</summary>
    /// <param name="file">Receives the bytes; not owned.</param>
    /// <param name="path">The name that the file will get.</param>
    /// <param name="info">What the index says about it.</param>
    /// <param name="location">Where it comes from, for messages.</param>
    /// <param name="held">The lock to show progress on.</param>
    public ArrivingFile(FileStream file, string path, ShardFileInfo info, ShardLocation location, FileLock held)
    {
        _file = file;
        _path = path;
        _info = info;
        _location = location;
        _held = held;

        // The disk had room for the whole file, which bounds this as well.
        _parts = new long[Math.Max(1, (info.Bytes + ObjectDownloader.PartSize - 1) / ObjectDownloader.PartSize)];
    }

    /// <summary>Gets how many bytes have come.</summary>
    public long Received
    {
        get
        {
            lock (_gate)
            {
                return _received;
            }
        }
    }

    /// <inheritdoc/>
    public void Begin(ObjectInfo info)
    {
        if (info.Size >= 0 && !_info.CanHave(info.Size))
        {
            throw FileVerifier.WrongSize(_location, _info, info.Size.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _info.MostBytes - offset)
        {
            throw FileVerifier.WrongSize(
                _location, _info, string.Create(CultureInfo.InvariantCulture, $"{offset + bytes.Length} or more"));
        }

        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, offset);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, _path);
        }

        _held.ReportProgress();
        Advance(offset, bytes.Length)?.TrySetResult();
    }

    /// <summary>Says that no more bytes come.</summary>
    /// <param name="failure">Why, if not because all are there.</param>
    public void End(Exception? failure)
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            _hasEnded = true;
            _failure = failure;
            (waiter, _waiter) = (_waiter, null);
        }

        waiter?.TrySetResult();
    }

    /// <summary>Refuses a file that has ended before its last byte.</summary>
    /// <exception cref="ShardIntegrityException">It has.</exception>
    public void ThrowIfIncomplete()
    {
        if (!_info.CanHave(Received))
        {
            throw FileVerifier.WrongSize(_location, _info, Received.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            Task wait;
            long ready;
            lock (_gate)
            {
                ready = _frontier - _position;
                if (ready == 0)
                {
                    if (_hasEnded)
                    {
                        return _failure is null ? 0 : throw new ArrivalFailedException(_failure);
                    }

                    _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                wait = _waiter?.Task ?? Task.CompletedTask;
            }

            if (ready > 0)
            {
                return ReadBack(buffer.Span[..(int)Math.Min(buffer.Length, ready)]);
            }

            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;

    private int ReadBack(Span<byte> buffer)
    {
        try
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, buffer, _position);
            _position += read;
            return read > 0 ? read : throw new EndOfStreamException("The temporary file became shorter.");
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, _path);
        }
    }

    private TaskCompletionSource? Advance(long offset, int count)
    {
        lock (_gate)
        {
            _received += count;
            var before = _frontier;
            if (_info.Bytes < 0)
            {
                // Of unknown size it comes in one piece.
                _frontier += count;
            }
            else
            {
                CountIn(offset, count);
            }

            if (_frontier == before)
            {
                return null;
            }

            var waiter = _waiter;
            _waiter = null;
            return waiter;
        }
    }

    private void CountIn(long offset, long count)
    {
        while (count > 0)
        {
            var part = (int)(offset / ObjectDownloader.PartSize);
            var inPart = Math.Min(count, ((part + 1L) * ObjectDownloader.PartSize) - offset);
            _parts[part] += inPart;
            offset += inPart;
            count -= inPart;
        }

        while (_firstMissing < _parts.Length && _parts[_firstMissing] == LengthOf(_firstMissing))
        {
            _firstMissing++;
        }

        _frontier = _firstMissing == _parts.Length
            ? _info.Bytes
            : ((long)_firstMissing * ObjectDownloader.PartSize) + _parts[_firstMissing];
    }

    private long LengthOf(int part) =>
        Math.Min(ObjectDownloader.PartSize, _info.Bytes - ((long)part * ObjectDownloader.PartSize));
}
