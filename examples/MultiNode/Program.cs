// SPDX-License-Identifier: MIT

using MultiNode;
using TorchStreaming;

if (args is ["--node", var remote, var local, ..])
{
    await Node.RunAsync(remote, local, args.Length > 3 ? args[3] : null);
    return;
}

if (args is not ([] or ["--shared-cache"]))
{
    Console.Error.WriteLine("error: the only option is --shared-cache");
    Environment.ExitCode = 2;
    return;
}

var folder = Directory.CreateTempSubdirectory("multi-node-").FullName;
try
{
    await Rehearsal.RunAsync(folder, samples: 1000, sharedCache: args is ["--shared-cache"]);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
