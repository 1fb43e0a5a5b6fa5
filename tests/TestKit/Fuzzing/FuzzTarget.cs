// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>A reader of files that may be damaged or hostile.</summary>
public abstract class FuzzTarget
{
    private FuzzInput[]? _inputs;

    /// <summary>Gets what to call it.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the valid inputs, which cases are made from.</summary>
    /// <exception cref="MissingGoldenException">The inputs are recordings, and a folder that is not the project's own has none of
    /// them.</exception>
    public IReadOnlyList<FuzzInput> Inputs
    {
        get
        {
            _inputs ??= [.. CreateInputs()];
            return _inputs.Length > 0 || GoldenData.IsOwn ? _inputs : throw new MissingGoldenException($"There is no recording for '{Name}'.");
        }
    }

    /// <summary>Reads everything there is in an input.</summary>
    /// <param name="input">The input, valid or not.</param>
    /// <param name="scratch">A folder for files.</param>
    /// <exception cref="TorchStreamingException">The input is damaged.</exception>
    public abstract void Read(FuzzInput input, string scratch);

    /// <summary>Says whether an exception is what a reader may answer damage with.</summary>
    public virtual bool IsTyped(Exception exception) => exception is TorchStreamingException;

    /// <summary>Makes the valid inputs.</summary>
    protected abstract IEnumerable<FuzzInput> CreateInputs();

    /// <summary>Continues with the next part of an input after a typed error in one part.</summary>
    protected void Try(Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (IsTyped(exception))
        {
            // The right answer; other parts are read all the same.
        }
    }
}
