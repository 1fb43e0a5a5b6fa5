// SPDX-License-Identifier: MIT

using System.Text;
using Microsoft.Extensions.Logging;

namespace TorchStreaming.TestKit;

/// <summary>Keeps everything that is logged, exceptions included. Thread-safe.</summary>
public sealed class RecordingLoggers : ILoggerFactory, ILogger
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
    public bool IsEnabled(LogLevel logLevel) => true;

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
