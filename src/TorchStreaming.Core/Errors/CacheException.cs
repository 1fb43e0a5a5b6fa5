// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>The local cache directory cannot be used.</summary>
public sealed class CacheException : TorchStreamingException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="directory">The cache directory or the file in it.</param>
    /// <param name="message">What failed, where, and what to try next.</param>
    /// <param name="innerException">The cause, if another exception is the cause.</param>
    public CacheException(string directory, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Directory = directory;
    }

    /// <summary>Gets the cache directory or the file in it.</summary>
    public string Directory { get; }
}
