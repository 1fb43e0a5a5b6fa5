// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Makes the store for a location. No I/O is done yet.</summary>
/// <param name="location">The URI as the user gave it, secrets included.</param>
/// <param name="options">What to give the store.</param>
/// <returns>The store, which the caller disposes.</returns>
public delegate IObjectStore ObjectStoreFactory(string location, ObjectStoreOptions options);
