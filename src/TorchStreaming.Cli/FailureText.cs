// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>Puts a failure into one line.</summary>
internal static class FailureText
{
    /// <summary>Gets the line.</summary>
    /// <param name="exception">The failure.</param>
    public static string Of(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Of(only),
        ArgumentException { ParamName: { } name } argument => Argument(argument.Message, name),
        TorchStreamingException or ArgumentException or IOException or UnauthorizedAccessException or NotSupportedException
            or FormatException or InsufficientMemoryException => exception.Message,
        _ => $"unexpected {exception.GetType().Name}: {exception.Message} (--verbose shows the stack)",
    };

    /// <summary>The runtime appends the parameter's name and the value to the message; on a command line neither helps.</summary>
    private static string Argument(string message, string name)
    {
        var end = message.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
