// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>How tars are read from front to back.</summary>
public sealed record TarStreamOptions
{
    /// <summary>Gets which tars are read and how their members become samples.</summary>
    /// <value>The default is that of <see cref="TarOptions"/>.</value>
    public TarOptions Tars { get; init; } = new();

    /// <summary>Gets whether the tars come in an order that <see cref="ShuffleSeed"/> and the epoch decide.</summary>
    /// <value>The default is <see langword="false"/>: in the order of their names.</value>
    public bool Shuffle { get; init; }

    /// <summary>Gets how many samples wait at a time, of which a random one is delivered next.</summary>
    /// <value>The default is 0: samples come as they are in the tars.</value>
    public int ShuffleBuffer { get; init; }

    /// <summary>Gets the seed of all random choices.</summary>
    /// <value>The default is 9176.</value>
    public ulong ShuffleSeed { get; init; } = 9176;

    /// <summary>Gets the ranks, among which the tars are divided.</summary>
    /// <value>The default is <see langword="null"/>: that of the environment.</value>
    public World? World { get; init; }

    /// <summary>Gets among how many workers of a rank the rank's tars are divided.</summary>
    /// <value>The default is 1.</value>
    public int WorkerCount { get; init; } = 1;

    /// <summary>Gets which of the workers this is, from 0.</summary>
    /// <value>The default is 0.</value>
    public int Worker { get; init; }

    /// <summary>Gets how many samples are read ahead.</summary>
    /// <value>The default is 64.</value>
    public int ReadAhead { get; init; } = 64;

    /// <summary>Gets how downloads are tried again.</summary>
    /// <value>The default is that of <see cref="RetryPolicy"/>.</value>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>Gets what opens locations.</summary>
    /// <value>The default is <see cref="ObjectStoreResolver.Default"/>.</value>
    public ObjectStoreResolver Stores { get; init; } = ObjectStoreResolver.Default;

    /// <summary>Gets how stores are opened.</summary>
    public ObjectStoreOptions StoreOptions { get; init; } = new();

    /// <summary>Gets where is logged to.</summary>
    /// <value>The default is nowhere.</value>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Checks the options.</summary>
    /// <inheritdoc/>
    public override string ToString()
    {
        var order = Shuffle ? $"shuffled with seed {ShuffleSeed}, " : "";
        return $"TarStreamOptions: {Tars}, worker {Worker} of {WorkerCount}, {order}buffer of {Counted.Of(ShuffleBuffer, "sample")}";
    }

    internal void Validate(string paramName)
    {
        Tars.Validate(paramName);
        ArgumentOutOfRangeException.ThrowIfNegative(ShuffleBuffer, paramName);
        ArgumentOutOfRangeException.ThrowIfLessThan(WorkerCount, 1, paramName);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadAhead, 1, paramName);
        if (Worker < 0 || Worker >= WorkerCount)
        {
            throw new ArgumentOutOfRangeException(paramName, Worker, $"Worker is from 0 to {WorkerCount - 1}.");
        }

        if (Tars.Fields.IsEmpty && Tars.MissingFields != TarMissingFields.Empty)
        {
            throw new ArgumentException(
                $"Whether a sample lacks a field is known from front to back only if {nameof(TarOptions.Fields)} names them.", paramName);
        }
    }
}
