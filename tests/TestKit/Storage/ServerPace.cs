// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>How slow a server is.</summary>
/// <param name="Latency">The wait before each answer.</param>
/// <param name="BurstBytes">How many bytes of a body go out at a time; 0 for all.</param>
/// <param name="Pause">The wait between bursts.</param>
public readonly record struct ServerPace(TimeSpan Latency, int BurstBytes = 0, TimeSpan Pause = default)
{
    /// <summary>Waits before an answer.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) =>
        Latency > TimeSpan.Zero ? Task.Delay(Latency, TimeProvider.System, cancellationToken) : Task.CompletedTask;

    /// <summary>Writes bytes at this pace.</summary>
    public async Task WriteAsync(Stream target, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var burst = BurstBytes > 0 ? BurstBytes : int.MaxValue;
        while (bytes.Length > burst)
        {
            await target.WriteAsync(bytes[..burst], cancellationToken);
            await target.FlushAsync(cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            bytes = bytes[burst..];
        }

        await target.WriteAsync(bytes, cancellationToken);
        await target.FlushAsync(cancellationToken);
    }
}
