// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace TorchStreaming.Storage;

/// <summary>The process's schedulers: one for each clock and store, a store being what one server or bucket answers for.</summary>
internal static class SharedTransfers
{
    private static readonly ConditionalWeakTable<TimeProvider, ConcurrentDictionary<string, TransferScheduler>> Schedulers = [];

    /// <summary>Gets the scheduler of a store's location.</summary>
    public static TransferScheduler Get(string location, TimeProvider timeProvider) => Schedulers
        .GetValue(timeProvider, static _ => new ConcurrentDictionary<string, TransferScheduler>(StringComparer.OrdinalIgnoreCase))
        .GetOrAdd(GetStore(location), static (_, clock) => new TransferScheduler(clock), timeProvider);

    private static string GetStore(string location)
    {
        if (ObjectStoreLocation.GetScheme(location) is not { } scheme)
        {
            return "";
        }

        var rest = location.AsSpan(scheme.Length + 1).TrimStart('/');
        var end = rest.IndexOf('/');
        return $"{scheme}://{(end < 0 ? rest : rest[..end])}";
    }
}
