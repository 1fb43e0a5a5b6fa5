// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using TorchStreaming.Conversion;

namespace TorchStreaming.TestKit;

/// <summary>Reads a TFRecord file and the examples in it, as it is and with its sums repaired, so that it is not they that give the damage
/// away.</summary>
internal sealed class TfRecordTarget : FuzzTarget
{
    private const int HeadLength = sizeof(ulong) + sizeof(uint);

    public override string Name => "tfrecord";

    public override bool IsTyped(Exception exception) => base.IsTyped(exception) || exception is InvalidDataException;

    public override void Read(FuzzInput input, string scratch)
    {
        var path = Path.Combine(scratch, "records.tfrecord");
        foreach (var bytes in new[] { input.Files[0], Repair(input.Files[0]) })
        {
            File.WriteAllBytes(path, bytes);
            Try(() => ReadFile(path));
        }
    }

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        foreach (var packed in new[] { true, false })
        {
            var records = Enumerable.Range(0, 4).Select(i => TfRecords.Example(
                packed, ("input_ids", new long[] { i, 101, -1, long.MaxValue }), ("masked_lm_weights", new[] { 1f, i, float.NaN })));
            yield return new FuzzInput(packed ? "packed" : "unpacked", [TfRecords.File(records)]);
        }
    }

    private static void ReadFile(string path)
    {
        using var file = new TfRecordFile(path);
        while (file.TryRead(out var record))
        {
            TfExample.Read(record.Span, []);
        }
    }

    private static byte[] Repair(byte[] damaged)
    {
        var bytes = damaged.ToArray();
        for (var at = 0L; at + HeadLength + sizeof(uint) <= bytes.Length;)
        {
            var head = bytes.AsSpan((int)at);
            BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(ulong)..], TfRecordFile.Sum(head[..sizeof(ulong)]));
            var length = BinaryPrimitives.ReadUInt64LittleEndian(head);
            if (length > (ulong)(head.Length - HeadLength - sizeof(uint)))
            {
                break;
            }

            var record = head.Slice(HeadLength, (int)length);
            BinaryPrimitives.WriteUInt32LittleEndian(head[(HeadLength + (int)length)..], TfRecordFile.Sum(record));
            at += HeadLength + (long)length + sizeof(uint);
        }

        return bytes;
    }
}
