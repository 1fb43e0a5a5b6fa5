// SPDX-License-Identifier: MIT

using TorchStreaming;
using TorchStreaming.Cli;
using TorchStreaming.Imaging;
using TorchStreaming.Storage;

ObjectStoreResolver.Default.AddAIStore().AddS3().AddAzure().AddGoogleCloud();
SkiaCodecs.Register();
using var interruption = new Interruption();
var console = ToolConsole.OfProcess();
var exitCode = await ToolCommandLine.RunAsync(args, console, interruption.Token).ConfigureAwait(false);
return exitCode == ExitCodes.Interrupted ? interruption.ExitCode : exitCode;
