// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Runtime.CompilerServices;
using TorchStreaming.Conversion;
using TorchStreaming.Imaging;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.Transforms;
using Xunit.Abstractions;

namespace TorchStreaming.Documentation.Tests;

/// <summary>What users hold says what it is when it is printed.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ToStringTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly Assembly[] Packages =
    [
        typeof(StreamingDataset).Assembly, typeof(StreamingDataLoader).Assembly, typeof(SkiaCodecs).Assembly, typeof(S3StoreOptions).Assembly,
        typeof(AzureStoreOptions).Assembly, typeof(GoogleCloudStoreOptions).Assembly, typeof(AISClient).Assembly, typeof(RawConverter).Assembly,
    ];

    private PrintedTable _table = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _table = await PrintedTable.CreateAsync();

    /// <inheritdoc/>
    public Task DisposeAsync() => _table.DisposeAsync().AsTask();

    [Fact]
    public void ToString_OfEachType_SaysWhatItIs()
    {
        foreach (var row in _table.Rows)
        {
            output.WriteLine($"{row.Type.Name,-28} {row.Text}");
        }

        output.WriteLine($"{_table.Rows.Count} values of {_table.Rows.Select(static row => row.Type).Distinct().Count()} types");
        Assert.All(_table.Rows, static row => Assert.Equal(row.Expected, row.Text));
    }

    [Fact]
    public void ToString_OfEachType_IsALineWithoutSecretsOrTypeNames() => Assert.All(_table.Rows, static row =>
    {
        Assert.DoesNotContain('\n', row.Text);
        Assert.DoesNotContain("hunter2", row.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("aHVudGVyMg", row.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("TorchStreaming.", row.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", row.Text, StringComparison.Ordinal);
    });

    [Fact]
    public async Task ToString_AfterDispose_StillSaysWhatItWas() => Assert.All(await _table.PrintDisposedAsync(), Assert.NotEmpty);

    [Fact]
    public void ToString_OfWhatCanBeEnumerated_StartsNothing()
    {
        using var dataset = StreamingDataset.Open(_table.Combine("data"), new() { BatchSize = 8 });
        using var loader = new BatchLoader(dataset, new ColumnSet(new ScalarColumn("id")));

        Assert.NotEmpty($"{dataset}{dataset[2..9]}{loader}{loader.Statistics}{loader.StateDict()}");

        Assert.Equal(0, dataset.CacheStatistics.Hits + dataset.CacheStatistics.Misses);
        Assert.Equal(-1, loader.StateDict().Epoch);
        Assert.Equal(0, loader.Statistics.Batches);
    }

    [Fact]
    public void PublicClasses_ButForExceptions_HaveATextOfTheirOwn() =>
        Assert.Empty(HeldTypes().Where(static type => !IsOurs(TextOf(type))).Select(static type => type.Name));

    [Fact]
    public void PublicTypes_WithATextOfTheirOwn_AreInTheTable()
    {
        var printed = _table.Rows.SelectMany(static row => BasesOf(row.Type)).ToHashSet();

        var missing = PublicTypes()
            .Where(static type => !type.IsAbstract && TextOf(type) is { } text && text.DeclaringType == type && !IsGenerated(text))
            .Where(type => !printed.Contains(type))
            .Select(static type => type.Name)
            .ToArray();
        Assert.True(missing.Length == 0, $"Not in the table: {string.Join(", ", missing)}");
    }

    private static IEnumerable<Type> PublicTypes() => Packages.SelectMany(static package => package.GetExportedTypes());

    private static IEnumerable<Type> HeldTypes() => PublicTypes().Where(static type =>
        type.IsClass && !(type.IsAbstract && type.IsSealed) && !type.Name.Contains('<', StringComparison.Ordinal) && !IsRecord(type)
        && !typeof(Exception).IsAssignableFrom(type) && !typeof(Attribute).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type));

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static MethodInfo? TextOf(Type type) => type.GetMethod(nameof(ToString), Type.EmptyTypes);

    private static bool IsOurs(MethodInfo? text) => text is not null && Packages.Contains(text.DeclaringType!.Assembly);

    private static bool IsGenerated(MethodInfo text) => text.IsDefined(typeof(CompilerGeneratedAttribute));

    private static IEnumerable<Type> BasesOf(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        }
    }
}
