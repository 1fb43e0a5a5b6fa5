// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Values, what they print and what they should print. The table's folder is printed as <c>~</c>, and the address of its cluster as
/// <c>cluster</c>.</summary>
internal sealed class PrintedTable : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly Stack<object> _values = [];
    private readonly List<PrintedValue> _rows = [];

    private PrintedTable(AIStoreServer cluster) => Cluster = cluster;

    /// <summary>Gets the rows.</summary>
    public IReadOnlyList<PrintedValue> Rows => _rows;

    /// <summary>Gets the cluster whose buckets and objects are in the table.</summary>
    public AIStoreServer Cluster { get; }

    /// <summary>Fills a table with values of all types.</summary>
    public static async Task<PrintedTable> CreateAsync()
    {
        var table = new PrintedTable(await AIStoreServer.StartAsync());
        TransformValues.AddTo(table);
        await DatasetValues.AddToAsync(table);
        await WriterValues.AddToAsync(table);
        StorageValues.AddTo(table);
        OptionValues.AddTo(table);
        TensorValues.AddTo(table);
        return table;
    }

    /// <summary>Names a file or folder of the table's own.</summary>
    public string Combine(params string[] parts) => _folder.Combine(parts);

    /// <summary>Adds a value, which is disposed with the table.</summary>
    public T Add<T>(T value, string expected)
        where T : notnull
    {
        Add(value.GetType(), $"{value}", expected);
        _values.Push(value);
        return value;
    }

    /// <summary>Adds what a value has printed.</summary>
    public void Add(Type type, string text, string expected) => _rows.Add(new PrintedValue(type, Normalize(text), expected));

    /// <summary>Disposes the values, the last one first, and prints them all once more.</summary>
    public async Task<IReadOnlyList<string>> PrintDisposedAsync()
    {
        foreach (var value in _values)
        {
            await DisposeAsync(value);
        }

        return [.. _values.Select(value => Normalize($"{value}"))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_values.TryPop(out var value))
        {
            await DisposeAsync(value);
        }

        await Cluster.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task DisposeAsync(object value)
    {
        switch (value)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    private string Normalize(string text) => text
        .Replace(_folder.Path, "~", StringComparison.Ordinal)
        .Replace(Cluster.Endpoint.Authority, "cluster", StringComparison.Ordinal)
        .Replace('\\', '/');
}
