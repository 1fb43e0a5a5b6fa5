// SPDX-License-Identifier: MIT

using Xunit.Abstractions;
using Xunit.Sdk;

namespace TorchStreaming.TestKit;

/// <summary>A test that is skipped when it ends in a <see cref="MissingGoldenException"/>.</summary>
public sealed class GoldenTestCase : XunitTestCase
{
    /// <summary>For the runner, which fills the case from its own record.</summary>
    [Obsolete("Called by the runner.")]
    public GoldenTestCase()
    {
    }

    /// <summary>Creates the case.</summary>
    public GoldenTestCase(IMessageSink diagnostics, ITestFrameworkDiscoveryOptions options, ITestMethod method, object[]? arguments)
        : base(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, arguments)
    {
    }

    /// <inheritdoc/>
    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        using var bus = new SkippingMessageBus(messageBus);
        var summary = await base.RunAsync(diagnosticMessageSink, bus, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= bus.Skipped;
        summary.Skipped += bus.Skipped;
        return summary;
    }

    /// <summary>Passes a runner's messages on; a failure for want of a recording becomes a skipped test.</summary>
    private sealed class SkippingMessageBus(IMessageBus inner) : IMessageBus
    {
        public int Skipped { get; private set; }

        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is ITestFailed failed && Array.IndexOf(failed.ExceptionTypes, typeof(MissingGoldenException).FullName) is >= 0 and var at)
            {
                Skipped++;
                return inner.QueueMessage(new TestSkipped(failed.Test, failed.Messages[at]));
            }

            return inner.QueueMessage(message);
        }

        public void Dispose()
        {
            // The inner one is the runner's.
        }
    }
}
