// SPDX-License-Identifier: MIT

using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace TorchStreaming.Storage;

/// <summary>A running checksum of one of the kinds that servers name in headers. Not thread-safe.</summary>
internal abstract class ObjectChecksum : IDisposable
{
    /// <summary>Starts a checksum.</summary>
    /// <param name="type">The name as AIStore writes it.</param>
    /// <returns>The checksum, or null for <c>none</c> and for kinds that are not known here.</returns>
    public static ObjectChecksum? Create(string? type) => type switch
    {
        // Both names are XXH64; they differ in history only.
        "xxhash" or "xxhash2" => new XxHash(),
        "crc32c" => new Crc32C(),

        // The analyzer means signatures; these are the checksums that the bucket is configured with.
#pragma warning disable CA5350, CA5351
        "md5" => new Cryptographic(HashAlgorithmName.MD5),
#pragma warning restore CA5350, CA5351
        "sha256" => new Cryptographic(HashAlgorithmName.SHA256),
        "sha512" => new Cryptographic(HashAlgorithmName.SHA512),
        _ => null,
    };

    /// <summary>Adds bytes.</summary>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the checksum.</summary>
    /// <returns>The lowercase hexadecimal digest.</returns>
    public abstract string GetHexDigest();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    private sealed class XxHash : ObjectChecksum
    {
        private readonly XxHash64 _hash = new();

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

        public override string GetHexDigest() => _hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture);
    }

    private sealed class Crc32C : ObjectChecksum
    {
        private readonly Crc32 _hash = new(Crc32ParameterSet.Crc32C);

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

        public override string GetHexDigest() => _hash.GetCurrentHashAsUInt32().ToString("x8", CultureInfo.InvariantCulture);
    }

    private sealed class Cryptographic(HashAlgorithmName name) : ObjectChecksum
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

        public override string GetHexDigest() => Convert.ToHexStringLower(_hash.GetHashAndReset());

        public override void Dispose()
        {
            _hash.Dispose();
            base.Dispose();
        }
    }
}
