// SPDX-License-Identifier: MIT

using System.Text;
using Microsoft.Extensions.Logging;

namespace TorchStreaming.TestKit;

/// <summary>Keeps what is logged, exceptions included. Thread-safe.</summary>
/// <param name="least">The lowest level to keep.</param>
public sealed class RecordingLoggers(LogLevel least = LogLevel.Trace) : ILoggerFactory, ILogger
{
    private readonly StringBuilder _text = new();

    /// <summary>Gets all lines so far.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_text)
        {
            _text.Append(formatter(state, exception)).Append(exception).AppendLine();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
