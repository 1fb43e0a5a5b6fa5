// SPDX-License-Identifier: MIT

using TorchStreaming;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace ImageNetTraining.Linear;

/// <summary>The training loop without TorchSharp: the same streamed batches, a linear classifier on oriented gradients.</summary>
internal sealed class LinearTraining : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly Checkpoint _checkpoint;
    private readonly StreamingDataset _trainData;
    private readonly StreamingDataset _validationData;
    private readonly BatchLoader _train;
    private readonly BatchLoader _validation;
    private readonly OrientedGradients _gradients;
    private readonly SoftmaxRegression _model;
    private readonly float[] _features;
    private readonly LearningRateSchedule _schedule;
    private int _epoch;
    private long _step;

    public LinearTraining(TrainingOptions options)
    {
        _options = options;
        _checkpoint = new Checkpoint(options.Output);
        _trainData = TrainingData.Open(options, "train", shuffle: true);
        _validationData = TrainingData.Open(options, "val", shuffle: false);
        _train = Load(_trainData, TrainingImages.Augmented(options.ImageSize, options.MinimumCrop));
        _validation = Load(_validationData, TrainingImages.Centered(options.ImageSize));
        _gradients = new OrientedGradients(options.ImageSize);
        _model = new SoftmaxRegression(OrientedGradients.Count, options.Classes);
        _features = new float[OrientedGradients.Count];

        // A linear model on unit-length features wants a larger step than a network: the loss is convex.
        var stepsPerEpoch = Math.Max(1, _train.EpochLength);
        _schedule = new LearningRateSchedule(
            options.LearningRate * 40, (long)(options.WarmupEpochs * stepsPerEpoch), options.Epochs * stepsPerEpoch);
    }

    public void Run(CancellationToken cancellationToken)
    {
        if (_options.Resume)
        {
            (_epoch, _step, var state) = _checkpoint.Load(LoadModel);
            _train.LoadStateDict(state);
        }

        using var ids = new SampleIdLog(_options.SampleIdLog);
        var log = new ProgressLog(_options.LogEvery);
        var stepsOfRun = 0L;
        for (; _epoch < _options.Epochs; _epoch++)
        {
            foreach (var batch in _train)
            {
                ids.Add(batch.SampleIds);
                var learningRate = _schedule.At(_step);
                var loss = Learn(batch, (float)learningRate);
                _step++;
                log.Step(_epoch, _step, loss, learningRate, _train.Statistics);
                stepsOfRun++;
                var stops = stepsOfRun == _options.StopAfter || cancellationToken.IsCancellationRequested;
                if (stops || _step % _options.CheckpointEvery == 0)
                {
                    _checkpoint.Save(_epoch, _step, _train.StateDict(), SaveModel);
                }

                if (stops)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return;
                }
            }

            _checkpoint.Save(_epoch, _step, _train.StateDict(), SaveModel);
            log.Epoch(_epoch, _train.Statistics, Validate(cancellationToken), _options.Classes);
        }
    }

    public void Dispose()
    {
        _train.Dispose();
        _validation.Dispose();
        _trainData.Dispose();
        _validationData.Dispose();
    }

    private BatchLoader Load(StreamingDataset data, ImageTransform transform) => new(
        data,
        new ColumnSet(new ImageColumn("x", transform), new ScalarColumn("y")),
        new BatchLoaderOptions { NumWorkers = _options.Workers });

    private double Learn(Batch batch, float learningRate)
    {
        var loss = 0.0;
        var images = batch.GetValues<float>("x");
        var labels = batch.GetValues<long>("y");
        TrainingData.CheckLabels(labels, _options.Classes);
        var pixels = images.Length / batch.Count;
        for (var i = 0; i < batch.Count; i++)
        {
            _gradients.Compute(images.Slice(i * pixels, pixels), _features);
            loss += _model.Accumulate(_features, (int)labels[i]);
        }

        _model.Step(learningRate, (float)_options.Momentum, batch.Count);
        return loss / batch.Count;
    }

    private TopKCounter Validate(CancellationToken cancellationToken)
    {
        var counter = new TopKCounter();
        foreach (var batch in _validation.ReadEpoch(cancellationToken))
        {
            var images = batch.GetValues<float>("x");
            var labels = batch.GetValues<long>("y");
            TrainingData.CheckLabels(labels, _options.Classes);
            var pixels = images.Length / batch.Count;
            for (var i = 0; i < batch.Count; i++)
            {
                _gradients.Compute(images.Slice(i * pixels, pixels), _features);
                counter.Add(_model.Score(_features), (int)labels[i]);
            }
        }

        return counter;
    }

    private void SaveModel(string folder)
    {
        using var file = File.Create(Path.Combine(folder, "model.bin"));
        _model.Save(file);
    }

    private void LoadModel(string folder)
    {
        using var file = File.OpenRead(Path.Combine(folder, "model.bin"));
        _model.Load(file);
    }
}
