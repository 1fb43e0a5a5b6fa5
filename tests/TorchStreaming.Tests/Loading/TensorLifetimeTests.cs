// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchSharp;
using TorchStreaming.Tests.Datasets;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Loading;

/// <summary>Who owns the tensors of a batch, and that none is left over.</summary>
public sealed class TensorLifetimeTests : IDisposable
{
    private readonly ImageShardsFolder _folder = ImageShardsFolder.Create();
    private readonly long _before = LiveTensors.Count();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Dispose_AfterEpochs_LeavesNoTensor(int workers)
    {
        using (var loader = Open(workers))
        {
            Images.Take(loader);
            Images.Take(loader);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Dispose_AfterBreak_LeavesNoTensorAndNoThread(int workers)
    {
        var loader = Open(workers);
        foreach (var batch in loader)
        {
            Assert.False(batch.IsReleased);
            break;
        }

        loader.Dispose();

        Assert.Equal(_before, Tensor.TotalCount);
        Assert.Empty(FillThreads());
    }

    [Fact]
    public void Dispose_InsideTheLoop_EndsTheBatch()
    {
        var loader = Open(2);
        using var epoch = loader.GetEnumerator();
        epoch.MoveNext();
        var batch = epoch.Current;

        loader.Dispose();

        Assert.True(batch.IsReleased);
        Assert.Equal(_before, Tensor.TotalCount);
        Assert.Throws<InvalidOperationException>(() => epoch.MoveNext());
    }

    [Fact]
    public void Dispose_AfterAnExceptionInTheLoop_LeavesNoTensor()
    {
        using (var loader = Open(2))
        {
            Assert.Throws<DivideByZeroException>(() =>
            {
                foreach (var batch in loader)
                {
                    throw new DivideByZeroException();
                }
            });
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_ManyEpochs_UsesTheSameMemoryAndNoMoreTensors()
    {
        var addresses = new HashSet<nint>();
        var counts = new HashSet<long>();
        using var loader = Open(2);
        for (var epoch = 0; epoch < 5; epoch++)
        {
            foreach (var batch in loader)
            {
                addresses.Add(AddressOf(batch["x"]));
                counts.Add(Tensor.TotalCount);
            }
        }

        // Two prepared and the one in hand, three columns each, and three views of the one in hand.
        Assert.InRange(addresses.Count, 1, 3);
        Assert.Equal([_before + 9 + 3], counts);
    }

    [Fact]
    public void MoveNext_BatchBefore_IsDisposedAndSaysSoAsTorchSharpDoes()
    {
        using var loader = Open(0);
        using var epoch = loader.GetEnumerator();
        epoch.MoveNext();
        var first = epoch.Current;
        var x = first["x"];

        epoch.MoveNext();

        Assert.True(first.IsReleased);
        Assert.True(x.IsInvalid);
        Assert.Contains("empty handle", Assert.Throws<InvalidOperationException>(() => x.sum()).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => first.Detach());
        Assert.NotSame(x, epoch.Current["x"]);
    }

    [Fact]
    public void MoveNext_GraphStillNeedsTheBatch_BackwardFails()
    {
        using var scope = NewDisposeScope();
        using var loader = Open(0);
        var weight = ones([192, 1], requires_grad: true);
        using var epoch = loader.GetEnumerator();
        epoch.MoveNext();
        var loss = epoch.Current["x"].reshape(8, 192).matmul(weight).sum();

        epoch.MoveNext();

        Assert.Throws<ExternalException>(() => loss.backward());
    }

    [Fact]
    public void Enumerate_InsideAScope_BatchesDoNotBelongToIt()
    {
        using var loader = Open(0);
        using var epoch = loader.GetEnumerator();
        using (var scope = NewDisposeScope())
        {
            epoch.MoveNext();

            Assert.Equal(0, scope.DisposablesCount);
        }

        Assert.False(epoch.Current["x"].IsInvalid);
    }

    [Fact]
    public void Enumerate_UserReplacesATensor_ItStaysTheUsers()
    {
        using var loader = Open(0);
        Tensor? halved = null;
        foreach (var batch in loader)
        {
            halved?.Dispose();
            halved = batch["x"].div(2);
            batch["x"] = halved;
        }

        Assert.False(halved!.IsInvalid);
        halved.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Detach_SomeBatches_KeepTheirValuesAfterTheLoaderIsGone(int workers)
    {
        using var reference = Open(workers);
        var expected = Images.Take(reference);
        var kept = new List<TensorBatch>();
        var places = new List<int>();
        using (var loader = Open(workers))
        {
            var place = 0;
            foreach (var batch in loader)
            {
                if (place % 3 != 1)
                {
                    kept.Add(batch.Detach());
                    places.Add(place);
                }

                place++;
            }
        }

        Assert.Equal(places.Select(place => expected[place]), kept.Select(BatchValues.Of));
        Assert.All(kept, static batch => Assert.True(batch.IsDetached));
        kept.ForEach(static batch => batch.Dispose());
        reference.Dispose();
        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_DisposeBatchOff_EveryBatchBelongsToTheCaller()
    {
        using var reference = Open(0);
        var expected = Images.Take(reference);
        List<Dictionary<string, Tensor>> batches;
        using (var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), disposeBatch: false))
        {
            batches = [.. loader];
        }

        Assert.Equal(expected, batches.Select(BatchValues.Of));
        foreach (var tensor in batches.SelectMany(static batch => batch.Values))
        {
            tensor.Dispose();
        }

        reference.Dispose();
        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_FirstUsedUnderInferenceMode_CanTrainLater()
    {
        using var scope = NewDisposeScope();
        using var loader = Open(0);
        using (inference_mode())
        {
            Images.Take(loader);
        }

        var weight = ones([192, 1], requires_grad: true);
        foreach (var batch in loader)
        {
            batch["x"].reshape(-1, 192).matmul(weight).sum().backward();
        }

        Assert.NotNull(weight.grad);
    }

    [Fact]
    public void GetTensor_InAScopeAndOutside_BelongsToItOrTheCaller()
    {
        using (var dataset = new StreamingMapDataset(_folder.Open(), Images.Augmented))
        {
            using (NewDisposeScope())
            {
                dataset.GetTensor(5);
                dataset.GetTensor(6);
            }

            Assert.Equal(_before, Tensor.TotalCount);
            foreach (var tensor in dataset.GetTensor(7).Values)
            {
                tensor.Dispose();
            }
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    private static nint AddressOf(Tensor tensor) => TorchStreaming.Tensors.NativeAddress.Of(tensor.bytes);

    private static string[] FillThreads() => !Directory.Exists("/proc/self/task")
        ? []
        : [
            .. Directory.GetDirectories("/proc/self/task").Select(ReadName)
                .Where(static name => name.StartsWith("TorchStreaming", StringComparison.Ordinal)),
        ];

    private static string ReadName(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            // The thread ended meanwhile.
            return "";
        }
    }

    private StreamingDataLoader Open(int workers) =>
        new(new StreamingMapDataset(_folder.Open(), Images.Augmented), numWorkers: workers);
}
