// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>An object that an <see cref="AIStoreServer"/> stores.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Version">The version, from 1.</param>
/// <param name="Checksum">The XXH64.</param>
public sealed record AIStoreStoredObject(byte[] Content, int Version, string Checksum);
