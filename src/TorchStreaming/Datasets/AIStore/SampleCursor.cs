// SPDX-License-Identifier: MIT

using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>Gives the samples of a stream by number: forwards for as long as numbers go up, from a new epoch's start when one comes again.
/// Thread-safe.</summary>
internal sealed class SampleCursor(Func<IEnumerable<Func<IList<Tensor>>>> readEpoch) : IDisposable
{
    /// <summary>How many samples that were passed over are kept: loaders with several workers ask for those of a batch in any
    /// order.</summary>
    private const int MaxKept = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Func<IList<Tensor>>> _kept = [];
    private IEnumerator<Func<IList<Tensor>>>? _epoch;
    private long _next;
    private bool _isDisposed;

    public Func<IList<Tensor>> Read(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_kept.Remove(index, out var kept))
            {
                return kept;
            }

            if (_epoch is null || index < _next)
            {
                End();
                _epoch = readEpoch().GetEnumerator();
            }

            while (_epoch.MoveNext())
            {
                if (_next++ == index)
                {
                    return _epoch.Current;
                }

                if (_kept.Count == MaxKept)
                {
                    _kept.Clear();
                }

                _kept[_next - 1] = _epoch.Current;
            }

            var count = _next;
            End();
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The epoch has {count} samples.");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            End();
        }
    }

    private void End()
    {
        _kept.Clear();
        _epoch?.Dispose();
        _epoch = null;
        _next = 0;
    }
}
