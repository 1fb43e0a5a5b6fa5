// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>Why a storage call failed.</summary>
public enum StorageErrorKind
{
    /// <summary>The store answered with something that none of the other kinds describes.</summary>
    Other,

    /// <summary>The object does not exist.</summary>
    NotFound,

    /// <summary>The caller is known but may not do this.</summary>
    PermissionDenied,

    /// <summary>The store does not know the caller: credentials are missing, wrong or expired.</summary>
    Unauthenticated,

    /// <summary>A condition of the call does not hold, for example the object changed while it was read.</summary>
    PreconditionFailed,

    /// <summary>The store asks to slow down.</summary>
    Throttled,

    /// <summary>The store could not be reached, broke off, or failed by itself.</summary>
    Unavailable,

    /// <summary>The store did not answer in time.</summary>
    Timeout,

    /// <summary>This store cannot do what was asked.</summary>
    NotSupported,

    /// <summary>There is no room left to write to.</summary>
    DiskFull,
}
