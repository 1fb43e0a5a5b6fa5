// SPDX-License-Identifier: MIT

using System.Numerics.Tensors;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests;

public sealed class RecordSchemaTests : IDisposable
{
    private static readonly RecordSchema<Scan> Scans = new RecordSchema<Scan>(
            static sample => new Scan(
                sample.Get<long>("id"),
                sample.Get<string>("name"),
                sample.Bytes("image").ToArray(),
                sample.GetSpan<float>("voxels").ToArray()))
        .Column("name", "str", static scan => scan.Name)
        .Column("id", "int", static scan => scan.Id)
        .Column("image", "jpeg", static scan => scan.Image)
        .Column("voxels", "ndarray:float32", static scan => NdArray.Create<float>(scan.Voxels, scan.Voxels.Length / 2, 2));

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task As_WrittenRecords_ReadsThemBack()
    {
        var index = await WriteAsync(Enumerable.Range(0, 20).Select(Make));
        using var dataset = StreamingDataset.Open(_directory.Path);
        var scans = Scans.Read(dataset);

        Assert.Equal(20, index.SampleCount);
        Assert.Equal(20, scans.Count);
        AssertEqual(Make(7), scans[7]);
        AssertEqual(Make(19), await scans.GetAsync(-1));
        Assert.All(scans[5..9].Index(), static pair => AssertEqual(Make(pair.Index + 5), pair.Item));
        Assert.Equal([3L, 0L], scans[3, -20].Select(static scan => scan.Id));
        var ids = new List<long>();
        await foreach (var scan in scans.ReadAsync(dataset.Slice(step: -5)))
        {
            ids.Add(scan.Id);
        }

        Assert.Equal([19, 14, 9, 4], ids);
    }

    [Fact]
    public async Task WriteAsync_Records_GivesTheBytesThatRowsGive()
    {
        await WriteAsync(Enumerable.Range(0, 20).Select(Make));
        await using var writer = await MdsWriter.CreateAsync(_directory.Combine("rows"), Scans.Columns);
        foreach (var scan in Enumerable.Range(0, 20).Select(Make))
        {
            await writer.WriteAsync(new Dictionary<string, object?>
            {
                ["id"] = scan.Id,
                ["name"] = scan.Name,
                ["image"] = scan.Image,
                ["voxels"] = NdArray.Create<float>(scan.Voxels, scan.Voxels.Length / 2, 2),
            });
        }

        await writer.CompleteAsync();

        Assert.Equal(
            File.ReadAllBytes(_directory.Combine("rows", "shard.00000.mds")), File.ReadAllBytes(_directory.Combine("shard.00000.mds")));
    }

    [Fact]
    public async Task WriteAsync_ValueThatDoesNotFit_WritesNothingAndGoesOn()
    {
        await using var writer = await Scans.CreateWriterAsync(_directory.Path);

        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await writer.WriteAsync(Make(1) with { Voxels = [] }));
        await writer.WriteAsync(Make(2));

        Assert.Contains("shape", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, writer.SampleCount);
        await writer.CompleteAsync();
        using var dataset = StreamingDataset.Open(_directory.Path);
        AssertEqual(Make(2), Scans.Read(dataset)[0]);
    }

    [Fact]
    public async Task As_OtherColumns_NamesWhatDiffers()
    {
        await SmallDataset.WriteAsync(_directory.Path, 3);
        using var dataset = StreamingDataset.Open(_directory.Path);
        var texts = new RecordSchema<string>(static sample => sample.Get<string>("text"));

        Assert.Equal(["text 0", "text 1", "text 2"], texts.Read(dataset)[..]);
        Assert.Contains(
            "'note'", Assert.Throws<ArgumentException>(() => texts.Column("note", "str", static text => text).Read(dataset)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "'id'", Assert.Throws<ArgumentException>(() => texts.Column("id", "str", static text => text).Read(dataset)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Column_DoubleOrOfAnotherType_Throws()
    {
        Assert.Throws<ArgumentException>(() => Scans.Column("id", "int", static scan => scan.Id));
        Assert.Throws<ArgumentException>(() => Scans.Column("size", "int", static scan => scan.Voxels.Length));
        Assert.Throws<ArgumentException>(() => Scans.Column("size", "integer", static scan => scan.Id));
    }

    [Fact]
    public async Task GetTensorSpan_Array_SeesItsShapeAndValues()
    {
        await WriteAsync([Make(3)]);
        using var dataset = StreamingDataset.Open(_directory.Path);
        using var sample = dataset[0];
        var tensor = sample.GetTensorSpan<float>("voxels");

        Assert.Equal([2, 2], tensor.Lengths.ToArray());
        Assert.Equal(5f, tensor[1, 0]);
        Assert.Equal(sample.Bytes("voxels").ToArray(), Encode(NdArrayView.Create(tensor)));
        var element = Assert.Throws<InvalidOperationException>(() => sample.GetSpan<int>("voxels").Length);
        Assert.Contains("float32", element.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TensorWithGaps_Throws()
    {
        var values = new float[6];
        Assert.Throws<ArgumentException>(() => NdArrayView.Create(new ReadOnlyTensorSpan<float>(values, [2, 2], [3, 1])).Count);
    }

    private static byte[] Encode(NdArrayView array)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        FieldEncodings.Get<NdArrayView>("ndarray:float32").Write(array, output);
        return output.WrittenSpan.ToArray();
    }

    private async Task<DatasetIndex> WriteAsync(IEnumerable<Scan> scans)
    {
        await using var writer = await Scans.CreateWriterAsync(_directory.Path);
        foreach (var scan in scans)
        {
            await writer.WriteAsync(scan);
        }

        return await writer.CompleteAsync();
    }

    private static Scan Make(int id) => new(id, $"scan {id}", [0xFF, 0xD8, (byte)id], [id, id + 1, id + 2, id + 3]);

    private static void AssertEqual(Scan expected, Scan actual)
    {
        Assert.Equal((expected.Id, expected.Name), (actual.Id, actual.Name));
        Assert.Equal(expected.Image, actual.Image);
        Assert.Equal(expected.Voxels, actual.Voxels);
    }

    private sealed record Scan(long Id, string Name, byte[] Image, float[] Voxels);
}
