// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>What the command line asks for makes no sense, as a look at what it names has shown.</summary>
/// <param name="message">What is wrong, and what to run instead.</param>
internal sealed class UsageException(string message) : Exception(message);
