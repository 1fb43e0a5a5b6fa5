// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;

namespace TorchStreaming.Cli;

/// <summary>The whole tool as a function: arguments in, exit code out. Data goes to the console's output, talk to its error.</summary>
internal static class ToolCommandLine
{
    /// <summary>The name of the program.</summary>
    public const string Name = "torchstreaming";

    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Show the whole exception when something fails.",
        Recursive = true,
    };

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="console">Where data and talk go.</param>
    /// <param name="cancellationToken">Interrupts the command.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, ToolConsole console, CancellationToken cancellationToken)
    {
        var parsed = CreateRoot(console).Parse(args);
        try
        {
            return parsed.Action is ParseErrorAction
                ? await RefuseUsageAsync(parsed, console).ConfigureAwait(false)
                : await InvokeAsync(parsed, console, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var advice = (parsed.CommandResult.Command as ToolCommand)?.AfterInterruption;
            console.Say(advice is null ? "interrupted" : $"interrupted; {advice}");
            return ExitCodes.Interrupted;
        }
        catch (BrokenPipeException)
        {
            // Whoever reads the output, head for example, has read enough.
            return ExitCodes.Success;
        }
        catch (UsageException exception)
        {
            console.SayError(exception.Message);
            return ExitCodes.Usage;
        }
        catch (Exception exception)
        {
            console.SayError(FailureText.Of(exception), parsed.GetValue(Verbose) ? exception : null);
            return ExitCodes.Failure;
        }
    }

    /// <summary>Makes the commands, so that they can be called or only looked at.</summary>
    internal static RootCommand CreateRoot(ToolConsole console)
    {
        var root = new RootCommand("Looks into, makes and checks sharded training data. Locations are folders or URLs.")
        {
            new InfoCommand(console),
            new CatCommand(console),
            new VerifyCommand(console),
            new MergeCommand(console),
            new ConvertCommand(console),
            new IndexCommand(console),
            new CacheCommand(console),
            new SynthCommand(console),
            new PeekCommand(console),
            new StatsCommand(console),
            new BenchCommand(console),
            new PlanCommand(console),
            new ServeCommand(console),
            new CompletionsCommand(console),
            Verbose,
        };
        foreach (var option in root.Options)
        {
            switch (option)
            {
                case HelpOption { Action: HelpAction usual }:
                    option.Action = new ToolHelp(usual);

                    // A folder may be called /h, and no shell here means help by it.
                    foreach (var alias in (string[])["/h", "/?", "-?"])
                    {
                        option.Aliases.Remove(alias);
                    }

                    break;
                case VersionOption:
                    option.Action = new VersionAction();
                    break;
                default:
                    break;
            }
        }

        foreach (var suggesting in root.Directives.OfType<SuggestDirective>())
        {
            suggesting.Action = new Suggestions(suggesting);
        }

        return root;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, ToolConsole console, CancellationToken cancellationToken)
    {
        var configuration = new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        var exitCode = await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);

        // Whatever a command has done is said, and an interruption that it took for its end is none.
        await console.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return exitCode;
    }

    private static async Task<int> RefuseUsageAsync(ParseResult parsed, ToolConsole console)
    {
        var path = CommandPath(parsed);
        if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0)
        {
            // Nobody needs to be told to ask for the help to learn what could follow.
            await CreateRoot(console).Parse([.. path, "--help"]).InvokeAsync(new InvocationConfiguration { Output = console.Error })
                .ConfigureAwait(false);
            console.SayError("A command is missing.");
            return ExitCodes.Usage;
        }

        // What is wrong with a word that was given tells more than what is missing without it.
        var wrong = parsed.UnmatchedTokens is [var first, ..] ? first : null;
        var error = parsed.Errors.FirstOrDefault(error => wrong is not null && error.Message.Contains(wrong, StringComparison.Ordinal))
            ?? parsed.Errors[0];
        var meant = wrong is null ? null : Spelling.Nearest(parsed.CommandResult.Command, wrong);
        console.SayError(string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            + (meant is null ? "" : $" Did you mean '{meant}'?"));
        console.Say($"'{string.Join(' ', [Name, .. path])} --help' shows what there is.");
        return ExitCodes.Usage;
    }

    private static Stack<string> CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result?.Command is { } command and not RootCommand;
            result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(command.Name);
        }

        return names;
    }

    /// <summary>Prints this assembly's version, whatever process hosts it.</summary>
    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var version = typeof(ToolCommandLine).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            parseResult.InvocationConfiguration.Output.WriteLine(version);
            return ExitCodes.Success;
        }
    }
}
