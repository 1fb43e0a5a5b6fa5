// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>The classes of a synthetic image folder, the most distinct ones first. A dataset of n classes has the first n.</summary>
internal enum SyntheticShape
{
    /// <summary>A filled disc.</summary>
    Circle,

    /// <summary>A filled square.</summary>
    Square,

    /// <summary>A filled triangle of equal sides.</summary>
    Triangle,

    /// <summary>A filled star of five points.</summary>
    Star,

    /// <summary>A disc with a hole.</summary>
    Ring,

    /// <summary>Two crossed bars.</summary>
    Cross,

    /// <summary>Four parallel bars.</summary>
    Stripes,

    /// <summary>A disc bitten by another one.</summary>
    Crescent,

    /// <summary>Nine small discs in rows of three.</summary>
    Dots,

    /// <summary>A shaft with a head.</summary>
    Arrow,

    /// <summary>A heart.</summary>
    Heart,

    /// <summary>Alternating filled cells of a square.</summary>
    Checkerboard,

    /// <summary>A square with a square hole.</summary>
    Frame,

    /// <summary>A flash of lightning.</summary>
    Bolt,

    /// <summary>A line wound around the center.</summary>
    Spiral,

    /// <summary>A filled hexagon.</summary>
    Hexagon,
}
