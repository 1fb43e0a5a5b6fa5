// SPDX-License-Identifier: MIT

namespace TorchStreaming.Loading;

/// <summary>Whom a batch's memory belongs to while it is not detached.</summary>
internal interface IBatchOwner
{
    /// <summary>Gives a slot away for good and puts a new one in its place.</summary>
    void Replace(BatchSlot slot);
}
