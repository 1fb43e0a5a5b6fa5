// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>Number, mean, standard deviation, min and max of values that come one by one (Welford's update).</summary>
internal sealed class Moments
{
    private double _squares;

    /// <summary>Gets how many values there were.</summary>
    public long Count { get; private set; }

    /// <summary>Gets their mean; 0 for none.</summary>
    public double Mean { get; private set; }

    /// <summary>Gets the minimum; 0 for none.</summary>
    public double Min { get; private set; }

    /// <summary>Gets the maximum; 0 for none.</summary>
    public double Max { get; private set; }

    /// <summary>Gets their standard deviation (of the values, not an estimate for more); 0 for none.</summary>
    public double Std => Count == 0 ? 0 : Math.Sqrt(_squares / Count);

    /// <summary>Adds a value.</summary>
    public void Add(double value)
    {
        Min = Count == 0 ? value : Math.Min(Min, value);
        Max = Count == 0 ? value : Math.Max(Max, value);
        Count++;
        var difference = value - Mean;
        Mean += difference / Count;
        _squares += difference * (value - Mean);
    }
}
