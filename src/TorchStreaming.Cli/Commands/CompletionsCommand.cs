// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming completions</c>: what a shell needs to complete command lines of the tool.</summary>
internal sealed class CompletionsCommand : ToolCommand
{
    // Each asks the tool itself, by its directive [suggest:position], so that the script never grows old.
    private const string Bash = """
        _torchstreaming() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(torchstreaming "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _torchstreaming torchstreaming
        """;

    private const string Zsh = """
        #compdef torchstreaming
        _torchstreaming() {
            local line="${(j: :)words[1,CURRENT]}"
            local -a words_there
            words_there=(${(f)"$(torchstreaming "[suggest:${#line}]" "${line}" 2>/dev/null)"})
            compadd -a words_there
            _files
        }
        compdef _torchstreaming torchstreaming
        """;

    private const string Fish = """
        function __torchstreaming_words
            set -l line (commandline -cp)
            torchstreaming "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c torchstreaming -a '(__torchstreaming_words)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName torchstreaming -ScriptBlock {
            param($word, $line, $position)
            torchstreaming "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private readonly Argument<string> _shell = new("shell") { Description = "bash, zsh, fish or pwsh." };

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data goes.</param>
    public CompletionsCommand(ToolConsole console)
        : base("completions", "Prints the script that makes a shell complete the tool's commands and options.", console)
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        Add(_shell);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["completions bash >> ~/.bashrc", "completions fish > ~/.config/fish/completions/torchstreaming.fish"];

    private int Run(ParseResult parsed)
    {
        Console.Output.WriteLine(parsed.GetRequiredValue(_shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        });
        return ExitCodes.Success;
    }
}
