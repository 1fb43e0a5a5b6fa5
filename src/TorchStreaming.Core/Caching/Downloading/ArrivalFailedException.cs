// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>Tells the reader of an arriving file that no more bytes come; whoever brings them has the reason.</summary>
internal sealed class ArrivalFailedException(Exception failure) : IOException(failure.Message, failure);
