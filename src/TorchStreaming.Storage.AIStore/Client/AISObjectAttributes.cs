// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Storage;

/// <summary>What a cluster says about an object in an answer's headers.</summary>
/// <param name="Size">The size in bytes; -1 when the answer does not say, as with transforms.</param>
public sealed record AISObjectAttributes(long Size)
{
    /// <summary>Gets the checksum's kind, such as <c>xxhash2</c>; <see langword="null"/> when there is none.</summary>
    public string? ChecksumType { get; init; }

    /// <summary>Gets the whole object's checksum in hexadecimal, also when only a range is read.</summary>
    public string? ChecksumValue { get; init; }

    /// <summary>Gets the version.</summary>
    public string? Version { get; init; }

    /// <summary>Gets when the object was last accessed.</summary>
    public DateTimeOffset? AccessTime { get; init; }

    /// <summary>Gets whether the cluster has the object, rather than only its backend; <see langword="null"/> when it does not say.</summary>
    public bool? IsPresent { get; init; }

    /// <summary>Gets the metadata that users and backends gave the object.</summary>
    public IReadOnlyDictionary<string, string> CustomMetadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the backend's tag, if there is one.</summary>
    public string? BackendTag { get; init; }

    /// <summary>Gets a tag that changes when the content changes, or <see langword="null"/> when the cluster gives nothing to make one
    /// of.</summary>
    internal string? Tag => Version is null && ChecksumValue is null && BackendTag is null
        ? null
        : $"{Version}/{ChecksumType}:{ChecksumValue}/{BackendTag}";

    internal static AISObjectAttributes Of(HttpResponseMessage response)
    {
        string? Read(string name) =>
            response.Headers.NonValidated.TryGetValues(name, out var values) && values.ToString() is { Length: > 0 } text ? text : null;

        var served = response.Content.Headers.ContentRange;
        var type = Read("Ais-Checksum-Type");
        return new AISObjectAttributes(served is null ? response.Content.Headers.ContentLength ?? -1 : served.Length ?? -1)
        {
            ChecksumType = type is null or "none" ? null : type,
            ChecksumValue = type is null or "none" ? null : Read("Ais-Checksum-Value"),
            Version = Read("Ais-Version"),
            AccessTime = TimeOf(Read("Ais-Atime")),
            IsPresent = Read("Ais-Present") is { } present ? present == "true" : null,
            CustomMetadata = CustomOf(response),
            BackendTag = Read("ETag"),
        };
    }

    private static DateTimeOffset? TimeOf(string? nanoseconds) =>
        long.TryParse(nanoseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? DateTimeOffset.UnixEpoch.AddTicks(value / TimeSpan.NanosecondsPerTick)
            : null;

    private static Dictionary<string, string> CustomOf(HttpResponseMessage response)
    {
        var custom = new Dictionary<string, string>();
        if (response.Headers.TryGetValues("Ais-Custom-Md", out var values))
        {
            foreach (var value in values)
            {
                var equals = value.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0)
                {
                    custom[value[..equals]] = value[(equals + 1)..];
                }
            }
        }

        return custom;
    }
}
