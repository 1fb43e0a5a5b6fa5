// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A column of classes, one integer per sample, that becomes a row of numbers per class: 1 for the sample's class and 0 for the
/// others, or smoothed. Reads the integer encodings that <see cref="ScalarColumn"/> reads.</summary>
/// <remarks>With smoothing ε and K classes the sample's class gets <c>1 - ε + ε/K</c> and every other one <c>ε/K</c>, as
/// <c>torch.nn.CrossEntropyLoss(label_smoothing=ε)</c> has it. A class outside 0…K-1 is an error of its sample.</remarks>
public sealed class OneHotColumn : ColumnTransform
{
    private readonly ScalarColumn _classes;
    private readonly double _smoothing;

    /// <summary>Creates the column.</summary>
    /// <param name="source">The sample's column.</param>
    /// <param name="classes">How many classes there are, at least 1.</param>
    /// <param name="smoothing">The smoothing, from 0 to 1.</param>
    /// <param name="type">The type in the batch; floating-point when labels are smoothed.</param>
    /// <param name="name">The name in the batch; <see langword="null"/> for <paramref name="source"/>.</param>
    /// <exception cref="ArgumentException">A smoothed label is not of a floating-point type, or an argument is out of its
    /// range.</exception>
    public OneHotColumn(
        string source, int classes, double smoothing = 0, ElementType type = ElementType.Float32, string? name = null)
        : base(source, Describe(name ?? source, classes, type))
    {
        if (!(smoothing >= 0 && smoothing <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "A smoothing is from 0 to 1.");
        }

        if (smoothing > 0 && !type.IsFloatingPoint())
        {
            throw new ArgumentException($"Smoothed labels do not fit {type}. Choose a floating-point type.", nameof(type));
        }

        _classes = new ScalarColumn(source);
        _smoothing = smoothing;
    }

    /// <inheritdoc/>
    public override void Validate(string format, ShardColumn column) => _classes.Validate(format, column);

    /// <inheritdoc/>
    internal override ColumnWorker CreateWorker(ShardColumn column) =>
        new Worker(_classes.CreateWorker(column), (int)Column.Shape[0], _smoothing, Column.Type);

    private static BatchColumn Describe(string name, int classes, ElementType type)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return BatchColumn.Dense(name, type, classes);
    }

    private sealed class Worker : ColumnWorker
    {
        private readonly ColumnWorker _reader;
        private readonly SingleNumberSlot _slot = new();
        private readonly int _classes;
        private readonly byte[] _on;
        private readonly byte[] _off;

        public Worker(ColumnWorker reader, int classes, double smoothing, ElementType type)
        {
            _reader = reader;
            _classes = classes;
            (_on, _off) = (new byte[type.SizeInBytes()], new byte[type.SizeInBytes()]);
            if (type.IsFloatingPoint())
            {
                ScalarConversion.Write(1 - smoothing + (smoothing / classes), type, _on);
                ScalarConversion.Write(smoothing / classes, type, _off);
            }
            else
            {
                ScalarConversion.Write((Int128)1, type, _on);
            }
        }

        public override void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target)
        {
            _reader.Write(value, context, new ColumnTarget(_slot, 0, 0));
            var label = _slot.Value;
            if ((ulong)label >= (ulong)_classes)
            {
                throw new InvalidDataException($"Class {label} is none of the {_classes} classes from 0 to {_classes - 1}.");
            }

            var destination = target.GetDense();
            for (var i = 0; i < _classes; i++)
            {
                (i == label ? _on : _off).CopyTo(destination[(i * _on.Length)..]);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _reader.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    /// <summary>Takes the class from the column that reads it.</summary>
    private sealed class SingleNumberSlot : IBatchSlot
    {
        private readonly byte[] _bytes = new byte[sizeof(long)];

        public long Value => BitConverter.ToInt64(_bytes);

        public Span<byte> GetRow(int column, int row) => _bytes;

        public Span<byte> AllocateRow(int column, int row, ReadOnlySpan<long> shape) => _bytes;
    }
}
