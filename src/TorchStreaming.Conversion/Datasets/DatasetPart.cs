// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>One of the datasets that become one.</summary>
/// <param name="Folder">Its folder in the output, with <c>/</c> between its parts.</param>
/// <param name="Index">Its shards.</param>
/// <param name="Source">Where its files are copied from; not disposed. <see langword="null"/> when they are in the folder already.</param>
internal sealed record DatasetPart(string Folder, DatasetIndex Index, IObjectStore? Source);
