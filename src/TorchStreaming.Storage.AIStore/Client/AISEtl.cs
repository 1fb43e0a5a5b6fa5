// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>Reads what a cluster says about its transforms.</summary>
internal static class AISEtl
{
    public static AISEtlState Find(JsonElement list, string name)
    {
        if (list.ValueKind == JsonValueKind.Null)
        {
            return AISEtlState.Absent;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (item.GetProperty("id").GetString() == name)
            {
                // Clusters before 4.0 do not say the stage.
                return !item.TryGetProperty("stage", out var stage) || stage.GetString() == "Running"
                    ? AISEtlState.Running
                    : AISEtlState.Stopped;
            }
        }

        return AISEtlState.Absent;
    }

    public static AISEtlState? StateOf(StorageException error) => error.Kind switch
    {
        StorageErrorKind.Unauthenticated or StorageErrorKind.PermissionDenied => AISEtlState.Unknown,
        StorageErrorKind.NotSupported or StorageErrorKind.Other => AISEtlState.NotSupported,
        _ => null,
    };
}
