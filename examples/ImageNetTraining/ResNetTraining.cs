// SPDX-License-Identifier: MIT

using TorchSharp;
using TorchSharp.Modules;
using TorchStreaming;
using TorchStreaming.Examples;
using static TorchSharp.torch;

namespace ImageNetTraining;

/// <summary>The reference training loop: a residual network, SGD with momentum, warm-up and a cosine schedule, checkpoints that resume mid-epoch.</summary>
internal sealed class ResNetTraining : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly Checkpoint _checkpoint;
    private readonly Device _device;
    private readonly StreamingDataLoader _train;
    private readonly StreamingDataLoader _validation;
    private readonly ResNet _model;
    private readonly SGD _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly long _totalSteps;
    private int _epoch;
    private long _step;

    public ResNetTraining(TrainingOptions options)
    {
        _options = options;
        _checkpoint = new Checkpoint(options.Output);
        _device = options.Device is { } name ? device(name) : cuda.is_available() ? CUDA : CPU;
        _train = Load("train", shuffle: true, TrainingImages.Augmented(options.ImageSize, options.MinimumCrop));
        _validation = Load("val", shuffle: false, TrainingImages.Centered(options.ImageSize));

        set_num_threads(Environment.ProcessorCount);
        random.manual_seed((long)options.Seed);
        _model = options.Architecture switch
        {
            "resnet18" => torchvision.models.resnet18(num_classes: options.Classes, device: _device),
            "resnet50" => torchvision.models.resnet50(num_classes: options.Classes, device: _device),
            var other => throw new ArgumentException($"Unknown architecture '{other}': use resnet18 or resnet50."),
        };
        _optimizer = optim.SGD(
            _model.parameters(), options.LearningRate, momentum: options.Momentum, weight_decay: options.WeightDecay);

        var stepsPerEpoch = Math.Max(1, _train.Count);
        _totalSteps = options.Epochs * stepsPerEpoch;
        _schedule = new LearningRateSchedule(options.LearningRate, (long)(options.WarmupEpochs * stepsPerEpoch), _totalSteps);
    }

    /// <summary>Trains as asked, to the end or to <see cref="TrainingOptions.StopAfter"/>.</summary>
    public static void Train(TrainingOptions options, CancellationToken cancellationToken)
    {
        using var training = new ResNetTraining(options);
        training.Run(cancellationToken);
    }

    private void Run(CancellationToken cancellationToken)
    {
        if (_options.Resume)
        {
            (_epoch, _step, var state) = _checkpoint.Load(LoadModel);
            _train.LoadStateDict(state);
        }

        using var ids = new SampleIdLog(_options.SampleIdLog);
        var log = new ProgressLog(_options.LogEvery, _totalSteps, _step);
        var stepsOfRun = 0L;
        for (; _epoch < _options.Epochs; _epoch++)
        {
            _model.train();
            foreach (var batch in _train)
            {
                using var scope = NewDisposeScope();
                ids.Add(batch.SampleIds.AsSpan());
                TrainingData.CheckLabels(batch["y"].cpu().data<long>().ToArray(), _options.Classes);

                var learningRate = _schedule.At(_step);
                foreach (var group in _optimizer.ParamGroups)
                {
                    group.LearningRate = learningRate;
                }

                _optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(_model.forward(batch["x"]), batch["y"]);
                loss.backward();
                OptimizerStep.Take(_optimizer);

                _step++;
                log.Step(_epoch, _step, loss.item<float>(), learningRate, _train.Statistics);
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
            log.Epoch(_epoch, _train.Statistics, Validate(cancellationToken), _options.Classes).AppendTo(_options.Output);
        }
    }

    public void Dispose()
    {
        _train.Dispose();
        _validation.Dispose();
        _optimizer.Dispose();
        _model.Dispose();
    }

    private StreamingDataLoader Load(string split, bool shuffle, ImageTransform transform)
    {
        var dataset = new StreamingImageNet(new()
        {
            Remote = _options.Data, Local = _options.Cache, Split = split, PartitionAlgorithm = TrainingData.Partitioning,
            BatchSize = _options.BatchSize, Shuffle = shuffle, ShuffleAlgorithm = TrainingData.Shuffling,
            ShuffleSeed = _options.Seed, ShuffleBlockSize = TrainingData.ShuffleBlockSize, Transform = transform,
        });
        return new StreamingDataLoader(dataset, numWorkers: _options.Workers, device: _device);
    }

    private ValidationCounter Validate(CancellationToken cancellationToken)
    {
        using var noGradients = no_grad();
        _model.eval();
        var counter = new ValidationCounter(((StreamingImageNet)_validation.dataset).Size);
        foreach (var batch in _validation)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var scores = _model.forward(batch["x"]).cpu();
            var labels = batch["y"].cpu();
            TrainingData.CheckLabels(labels.data<long>().ToArray(), _options.Classes);
            for (var i = 0; i < batch.SampleCount; i++)
            {
                counter.Add(batch.SampleIds[i], scores[i].data<float>().ToArray(), (int)labels[i].item<long>());
            }
        }

        return counter;
    }

    private void SaveModel(string folder)
    {
        _model.save(Path.Combine(folder, "model.dat"));
        _optimizer.save_state_dict(Path.Combine(folder, "optimizer.dat"));
    }

    private void LoadModel(string folder)
    {
        _model.load(Path.Combine(folder, "model.dat"));
        _optimizer.load_state_dict(Path.Combine(folder, "optimizer.dat"));
    }
}
