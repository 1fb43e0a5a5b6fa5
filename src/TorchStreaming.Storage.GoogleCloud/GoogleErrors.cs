// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Failures before a request is made.</summary>
internal static class GoogleErrors
{
    public static StorageException NoToken(string location, string problem, Exception? cause = null) => new(
        StorageErrorKind.Unauthenticated, location, $"Could not get a token for '{location}': {problem}", cause);
}
