// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>A node's link in virtual time. Requests go as the download engine lets them: files in parts, as many bytes, requests and files
/// under way at a time as it has. Their bytes pass one after the other, each after the latency of its request.</summary>
/// <remarks>In a real link the requests under way share it, so that those asked for later slow down those before them.</remarks>
/// <param name="run">The link, and the ranks that share it.</param>
internal sealed class SimulatedLink(TrainingRun run)
{
    private readonly double _latency = run.Latency.TotalSeconds;
    private readonly long _window = run.RanksPerNode * FindWindow(run);
    private readonly int _mostRequests = run.RanksPerNode * TransferScheduler.MostRequests;
    private readonly int _mostFiles = checked(run.RanksPerNode * run.ConcurrentShards);
    private readonly Queue<(double End, long Cost)> _underWay = new();
    private readonly Queue<double> _files = new();
    private long _bytesUnderWay;
    private double _free;
    private long _asked;
    private bool _knowsRanges;

    /// <summary>Brings a run of bytes with one request.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="asked">When it is asked for, in seconds; not before what was asked for earlier.</param>
    /// <returns>When its last byte is there.</returns>
    public double Read(long bytes, double asked)
    {
        var cost = TransferScheduler.GetCost(bytes);
        while (_underWay.Count > 0 && (_underWay.Count >= _mostRequests || _bytesUnderWay + cost > _window))
        {
            var (end, ended) = _underWay.Dequeue();
            _bytesUnderWay -= ended;
            asked = Math.Max(asked, end);
        }

        _free = Math.Max(_free, asked + _latency) + (bytes / run.BytesPerSecond);
        _asked += bytes;
        _underWay.Enqueue((_free, cost));
        _bytesUnderWay += cost;
        _knowsRanges = true;
        return _free;
    }

    /// <summary>Brings a file.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="asked">When it is asked for, in seconds.</param>
    /// <returns>When its last byte is there.</returns>
    public double Download(long bytes, double asked)
    {
        if (_files.Count >= _mostFiles)
        {
            asked = Math.Max(asked, _files.Dequeue());
        }

        // Whether the store knows ranges is seen at the first part of the first file; the others are asked for after it.
        var first = _knowsRanges ? 0 : Math.Min(bytes, ObjectDownloader.PartSize);
        var end = first > 0 ? Read(first, asked) : asked;
        asked = end;
        for (var start = first; start < bytes; start += ObjectDownloader.PartSize)
        {
            end = Read(Math.Min(bytes - start, ObjectDownloader.PartSize), asked);
        }

        _files.Enqueue(end);
        return end;
    }

    /// <summary>Gets how many of the bytes asked for have come.</summary>
    /// <param name="now">The time in seconds.</param>
    public long GetArrived(double now) => Math.Max(0, _asked - (long)(Math.Max(0, _free - now) * run.BytesPerSecond));

    /// <summary>Finds what a process has under way once it has measured the link: it starts from an assumed bandwidth and climbs to the
    /// real one.</summary>
    private static long FindWindow(TrainingRun run) => (long)Math.Clamp(
        TransferWindow.First
            + (Math.Max(TransferWindow.AssumedBandwidth, run.BytesPerSecond / run.RanksPerNode) * run.Latency.TotalSeconds),
        TransferWindow.Smallest,
        TransferWindow.Largest);
}
