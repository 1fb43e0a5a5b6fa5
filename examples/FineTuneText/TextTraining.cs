// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchSharp;
using TorchStreaming.Examples;
using TorchStreaming;
using static TorchSharp.torch;

namespace FineTuneText;

/// <summary>Trains a small language model on general texts, then fine-tunes it to special ones.</summary>
internal sealed class TextTraining
{
    private readonly int _batchSize;
    private readonly int _rowLength;
    private readonly TinyTransformer _model;

    private TextTraining(int batchSize, int rowLength)
    {
        _batchSize = batchSize;
        _rowLength = rowLength;
        random.manual_seed(7);
        _model = new TinyTransformer(ByteTokenizer.VocabularySize, rowLength);
    }

    /// <summary>Runs both trainings and prints the losses.</summary>
    public static void Run(string general, string special, string held, int batchSize, int rowLength)
    {
        var training = new TextTraining(batchSize, rowLength);
        using var model = training._model;
        training.Train("General texts", general, epochs: 2, learningRate: 1e-2);
        var before = training.Evaluate(held);
        training.Train("Special texts", special, epochs: 3, learningRate: 5e-3);
        var after = training.Evaluate(held);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Special texts never trained on: loss {before:0.00} before fine-tuning, {after:0.00} after"));
        if (!(after < before))
        {
            throw new InvalidOperationException("Something is wrong: fine-tuning did not lower the loss.");
        }
    }

    private void Train(string title, string folder, int epochs, double learningRate)
    {
        using var loader = Load(folder, shuffle: true);
        using var optimizer = optim.AdamW(_model.parameters(), learningRate);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var (sum, steps) = (0.0, 0);
            foreach (var batch in loader)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var loss = ComputeLoss(batch);
                loss.backward();
                OptimizerStep.Take(optimizer);
                sum += loss.item<float>();
                steps++;
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{title}, epoch {epoch + 1}: {steps} steps, mean loss {sum / steps:0.00} nats a byte"));
        }
    }

    private double Evaluate(string folder)
    {
        using var loader = Load(folder, shuffle: false);
        using var noGradients = no_grad();
        var losses = new List<double>();
        foreach (var batch in loader)
        {
            using var scope = NewDisposeScope();
            losses.Add(ComputeLoss(batch).item<float>());
        }

        return losses.Average();
    }

    private Tensor ComputeLoss(TensorBatch batch)
    {
        var packed = TokenPacking.Pack(batch.Lists[TokenColumn.Name], _rowLength, ByteTokenizer.Padding);
        var (ids, segments) = (packed["input_ids"], packed["segment_ids"]);
        var scores = _model.forward(ids, segments, packed["position_ids"]);

        // A token's target is the next one, unless that is padding or begins another text.
        var next = ids[.., 1..];
        var counts = segments[.., 1..].eq(segments[.., ..^1]).logical_and(next.ne(ByteTokenizer.Padding));
        return nn.functional.cross_entropy(scores[.., ..^1][counts], next[counts]);
    }

    private StreamingDataLoader Load(string folder, bool shuffle)
    {
        var source = StreamingDataset.Open(folder, new() { Shuffle = shuffle, BatchSize = _batchSize });
        return new StreamingDataLoader(new StreamingMapDataset(source, TokenColumn.Create(ByteTokenizer.Instance, _rowLength)), numWorkers: 2);
    }
}
