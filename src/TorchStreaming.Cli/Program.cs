// SPDX-License-Identifier: MIT

using TorchStreaming.Cli;
using TorchStreaming.Storage;

ObjectStoreResolver.Default.AddS3().AddAzure();
using var interruption = new Interruption();
var console = ToolConsole.OfProcess();
var exitCode = await ToolCommandLine.RunAsync(args, console, interruption.Token).ConfigureAwait(false);
return exitCode == ExitCodes.Interrupted ? interruption.ExitCode : exitCode;
