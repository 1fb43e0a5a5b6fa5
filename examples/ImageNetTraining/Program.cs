// SPDX-License-Identifier: MIT

using ImageNetTraining;
using TorchStreaming;

return await CommandLineParser.RunAsync(args, (options, cancellationToken) => Guard(() =>
{
    ResNetTraining.Train(options, cancellationToken);
    return Task.FromResult(0);
}), (options, cancellationToken) => Guard(() => SyntheticRun.RunAsync(options, cancellationToken)));

// Failures of data, storage and arguments are told in one line; anything else is a defect and keeps its stack.
static async Task<int> Guard(Func<Task<int>> run)
{
    try
    {
        return await run();
    }
    catch (Exception exception) when (exception is TorchStreamingException or ArgumentException or FileNotFoundException or NotSupportedException)
    {
        Console.Error.WriteLine($"error: {exception.Message}");
        return 1;
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine("interrupted; --resume continues from the last checkpoint");
        return 130;
    }
}
