// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Transforms;

/// <summary>Runs the columns of a <see cref="ColumnSet"/>. Holds one column worker per column, made for the encodings of the schema at
/// hand.</summary>
internal sealed class ColumnSetWorker : SampleTransformWorker
{
    private readonly ImmutableArray<ColumnTransform> _transforms;
    private readonly ColumnWorker?[] _workers;
    private readonly ShardColumn?[] _sources;
    private readonly int[] _indices;
    private ShardSchema? _schema;

    public ColumnSetWorker(ImmutableArray<ColumnTransform> transforms)
    {
        _transforms = transforms;
        _workers = new ColumnWorker?[transforms.Length];
        _sources = new ShardColumn?[transforms.Length];
        _indices = new int[transforms.Length];
    }

    public override void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row)
    {
        if (!ReferenceEquals(sample.Schema, _schema))
        {
            Bind(sample.Schema);
        }

        for (var i = 0; i < _workers.Length; i++)
        {
            try
            {
                _workers[i]!.Write(sample[_indices[i]], context, new ColumnTarget(slot, i, row));
            }
            catch (Exception exception) when (IsAboutTheValue(exception))
            {
                throw new ColumnException(_transforms[i].Source, exception.Message, exception);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _schema = null;
            foreach (var worker in _workers)
            {
                worker?.Dispose();
            }

            Array.Clear(_workers);
        }

        base.Dispose(disposing);
    }

    private static bool IsAboutTheValue(Exception exception) =>
        exception is not (SampleDecodeException or ColumnException or OperationCanceledException or OutOfMemoryException);

    /// <summary>Finds the columns of another schema; workers whose column is the same stay.</summary>
    private void Bind(ShardSchema schema)
    {
        _schema = null;
        for (var i = 0; i < _transforms.Length; i++)
        {
            var source = ColumnSet.Find(schema, _transforms[i].Source);
            _indices[i] = schema.IndexOf(source.Name);
            if (_workers[i] is not null && source == _sources[i])
            {
                continue;
            }

            _transforms[i].Validate(schema.ValueFormat, source);
            _workers[i]?.Dispose();
            _workers[i] = _transforms[i].CreateWorker(source);
            _sources[i] = source;
        }

        _schema = schema;
    }
}
