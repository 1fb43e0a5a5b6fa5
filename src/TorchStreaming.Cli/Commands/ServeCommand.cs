// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Net;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming serve</c>: a folder over HTTP, as slow as a real link if asked.</summary>
internal sealed class ServeCommand : ToolCommand
{
    private readonly Argument<string> _directory = new("dir") { Description = "The folder to serve." };

    private readonly Option<int> _port = new("--port")
    {
        Description = "The port; 0 for one that is free.",
        DefaultValueFactory = _ => 8080,
    };

    private readonly Option<bool> _everyone = new("--everyone")
    {
        Description = "Serve other machines too, not this one alone. Anyone who reaches it can read the folder.",
    };

    private readonly Option<double> _latency = new("--latency")
    {
        Description = "Milliseconds that each request waits before it is answered.",
        HelpName = "ms",
    };

    private readonly Option<ByteSize?> _bandwidth = new("--bandwidth")
    {
        Description = "The bytes per second that all responses share, for example 200mb. Default: no limit.",
        HelpName = "size",
        CustomParser = OptionParsers.Size,
    };

    private readonly Option<bool> _quiet = new("--quiet") { Description = "Do not tell of requests." };

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ServeCommand(ToolConsole console)
        : base("serve", "Serves a folder over HTTP with ranges, latency and bandwidth, to try things with.", console)
    {
        Add(_directory);
        Add(_port);
        Add(_everyone);
        Add(_latency);
        Add(_bandwidth);
        Add(_quiet);
        _port.Validators.Add(result => Require(result.GetValue(_port) is >= 0 and <= ushort.MaxValue, result, "A port is from 0 to 65535."));
        _latency.Validators.Add(result => Require(
            result.GetValue(_latency) is >= 0 and <= 60_000, result, "A latency is from 0 to 60000 milliseconds."));
        SetAction((parsed, cancellationToken) =>
        {
            AspNetCoreRuntime.Require();
            return RunAsync(parsed, cancellationToken);
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["serve /data/imagenet-mds", "serve shapes-mds --latency 50 --bandwidth 200mb"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new FolderServerOptions(
            parsed.GetValue(_everyone) ? IPAddress.Any : IPAddress.Loopback,
            parsed.GetValue(_port),
            TimeSpan.FromMilliseconds(parsed.GetValue(_latency)),
            parsed.GetValue(_bandwidth)?.Bytes);
        var quiet = parsed.GetValue(_quiet);
        var server = await FolderServer.StartAsync(
            parsed.GetRequiredValue(_directory), options, Tell, Console.Time, cancellationToken).ConfigureAwait(false);
        await using var ending = server.ConfigureAwait(false);
        Console.Output.WriteLine(server.Address);
        await Console.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        Console.Say("serving until interrupted");

        // An interruption is the one way to end it, and no failure.
        await Task.Delay(Timeout.InfiniteTimeSpan, Console.Time, cancellationToken).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        return ExitCodes.Success;

        void Tell(string request)
        {
            if (!quiet)
            {
                Console.Say(request);
            }
        }
    }

    private static void Require(bool holds, System.CommandLine.Parsing.OptionResult result, string otherwise)
    {
        if (!holds)
        {
            result.AddError(otherwise);
        }
    }
}
