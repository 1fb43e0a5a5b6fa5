// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.Json.Serialization;
using TorchStreaming;

namespace ImageNetTraining;

/// <summary>A folder with the model, the optimizer, and where the run is in its data. It is replaced as a whole, so that a crash leaves the
/// old or the new one.</summary>
internal sealed partial class Checkpoint(string output)
{
    private const string RunFile = "run.json";
    private readonly string _folder = Path.Combine(output, "checkpoint");

    /// <summary>Saves.</summary>
    /// <param name="epoch">The epoch that the loader is in.</param>
    /// <param name="step">The optimizer steps taken so far.</param>
    /// <param name="loader">Where the loader is.</param>
    /// <param name="saveModel">Writes the model's and the optimizer's files to a folder.</param>
    public void Save(int epoch, long step, LoaderState loader, Action<string> saveModel)
    {
        var fresh = _folder + ".new";
        var old = _folder + ".old";
        DeleteIfThere(fresh);
        Directory.CreateDirectory(fresh);
        saveModel(fresh);
        var run = new Run(epoch, step, loader.ToJson());
        File.WriteAllText(Path.Combine(fresh, RunFile), JsonSerializer.Serialize(run, RunJson.Default.Run));

        DeleteIfThere(old);
        if (Directory.Exists(_folder))
        {
            Directory.Move(_folder, old);
        }

        Directory.Move(fresh, _folder);
        DeleteIfThere(old);
    }

    /// <summary>Loads what <see cref="Save"/> saved.</summary>
    /// <param name="loadModel">Reads the model's and the optimizer's files from a folder.</param>
    /// <returns>The epoch, the optimizer steps, and where the loader was.</returns>
    public (int Epoch, long Step, LoaderState Loader) Load(Action<string> loadModel)
    {
        // A crash between the two moves of Save leaves the old folder beside the complete new one.
        var folder = Directory.Exists(_folder) ? _folder : _folder + ".old";
        var file = Path.Combine(folder, RunFile);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"There is no checkpoint in '{Path.GetDirectoryName(_folder)}'. Leave --resume out to start a new run.", file);
        }

        var run = JsonSerializer.Deserialize(File.ReadAllText(file), RunJson.Default.Run)
            ?? throw new InvalidDataException($"'{file}' is not the record of a run.");
        loadModel(folder);
        return (run.Epoch, run.Step, LoaderState.Parse(run.Loader));
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal sealed record Run(int Epoch, long Step, string Loader);

    [JsonSerializable(typeof(Run))]
    private sealed partial class RunJson : JsonSerializerContext;
}
