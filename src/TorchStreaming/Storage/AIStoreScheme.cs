// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>Makes <c>ais://</c> work without a call, as this package brings the classes of AIStore.</summary>
internal static class AIStoreScheme
{
    /// <summary>Registers it where the program has not.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
        Justification = "It fills a table and reads nothing else, so that the order of initializers does not matter.")]
    internal static void Register() => ObjectStoreResolver.Default.AddAIStoreWhereMissing();
}
