// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>Smooth random texture: values on coarse grids, interpolated, of three grid sizes together, and grain on top. Row by
/// row.</summary>
internal sealed class NoiseTexture
{
    private static ReadOnlySpan<int> CellSizes => [61, 19, 6];

    private static ReadOnlySpan<float> Strengths => [34f, 20f, 12f];

    private const float GrainStrength = 9f;

    private readonly float[][] _grids = [[], [], []];
    private float[] _gridRow = [];
    private SplitMix64 _grain;
    private int _width;

    /// <summary>Draws the grids of a new image.</summary>
    public void Reset(int width, int height, ref SplitMix64 random)
    {
        _width = width;
        for (var octave = 0; octave < CellSizes.Length; octave++)
        {
            var cells = CellsAcross(octave) * (height / CellSizes[octave] + 2);
            if (_grids[octave].Length < cells)
            {
                _grids[octave] = new float[cells];
            }

            foreach (ref var value in _grids[octave].AsSpan(0, cells))
            {
                value = random.NextBetween(-Strengths[octave], Strengths[octave]);
            }
        }

        _grain = new SplitMix64((long)random.Next());
    }

    /// <summary>Writes the texture of the next row: call it for y = 0, 1, 2, …</summary>
    public void FillRow(int y, Span<float> row)
    {
        FillGrain(row);
        for (var octave = 0; octave < CellSizes.Length; octave++)
        {
            AddOctave(octave, y, row);
        }
    }

    private int CellsAcross(int octave) => _width / CellSizes[octave] + 2;

    private void FillGrain(Span<float> row)
    {
        for (var x = 0; x < row.Length;)
        {
            // One draw serves eight pixels.
            var bits = _grain.Next();
            for (var end = Math.Min(x + 8, row.Length); x < end; x++, bits >>= 8)
            {
                row[x] = (sbyte)bits * (GrainStrength / 128f);
            }
        }
    }

    private void AddOctave(int octave, int y, Span<float> row)
    {
        var cell = CellSizes[octave];
        var across = CellsAcross(octave);
        var fraction = (float)(y % cell) / cell;
        var upper = _grids[octave].AsSpan(y / cell * across, across);
        var lower = _grids[octave].AsSpan((y / cell + 1) * across, across);
        if (_gridRow.Length < across)
        {
            _gridRow = new float[across];
        }

        for (var i = 0; i < across; i++)
        {
            _gridRow[i] = upper[i] + (lower[i] - upper[i]) * fraction;
        }

        for (int i = 0, x = 0; x < row.Length; i++)
        {
            var value = _gridRow[i];
            var step = (_gridRow[i + 1] - value) / cell;
            for (var end = Math.Min(x + cell, row.Length); x < end; x++)
            {
                row[x] += value;
                value += step;
            }
        }
    }
}
