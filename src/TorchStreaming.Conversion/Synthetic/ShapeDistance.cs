// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>Signed distances to the outlines of the shapes: negative inside, and close to the true distance near the outline, which is all
/// that
/// antialiasing needs. Every shape is within the unit circle, so that it can be turned without growing.</summary>
internal static class ShapeDistance
{
    private static readonly float[] Star = RadialPolygon(5, outer: 0.98f, inner: 0.42f);

    private static readonly float[] Arrow =
        [-0.9f, -0.22f, 0.15f, -0.22f, 0.15f, -0.6f, 0.95f, 0f, 0.15f, 0.6f, 0.15f, 0.22f, -0.9f, 0.22f];

    private static readonly float[] Bolt =
        [-0.05f, -0.95f, 0.55f, -0.75f, 0.2f, -0.15f, 0.6f, -0.1f, -0.4f, 0.9f, -0.1f, 0.15f, -0.5f, 0.1f];

    private static readonly float[] Triangle = RadialPolygon(3, outer: 0.95f);

    private static readonly float[] Hexagon = RadialPolygon(6, outer: 0.92f);

    /// <summary>Measures the distance of a point, in the shape's own coordinates.</summary>
    public static float At(SyntheticShape shape, float x, float y) => shape switch
    {
        SyntheticShape.Circle => Length(x, y) - 0.85f,
        SyntheticShape.Square => Box(x, y, 0.68f, 0.68f),
        SyntheticShape.Triangle => Polygon(Triangle, x, y),
        SyntheticShape.Star => Polygon(Star, x, y),
        SyntheticShape.Ring => MathF.Abs(Length(x, y) - 0.7f) - 0.2f,
        SyntheticShape.Cross => MathF.Min(Box(x, y, 0.92f, 0.26f), Box(x, y, 0.26f, 0.92f)),
        SyntheticShape.Stripes => MathF.Max(Box(x, y, 0.68f, 0.68f), MathF.Abs(Fold(x - 0.195f, 0.39f)) - 0.0975f),
        SyntheticShape.Crescent => MathF.Max(Length(x, y) - 0.92f, 0.72f - Length(x - 0.42f, y)),
        SyntheticShape.Dots => Length(x - NearestDot(x), y - NearestDot(y)) - 0.19f,
        SyntheticShape.Arrow => Polygon(Arrow, x, y),
        SyntheticShape.Heart => Heart(x, y),
        SyntheticShape.Checkerboard => MathF.Max(Box(x, y, 0.68f, 0.68f), Checks(x, y)),
        SyntheticShape.Frame => MathF.Abs(Box(x, y, 0.56f, 0.56f)) - 0.11f,
        SyntheticShape.Bolt => Polygon(Bolt, x, y),
        SyntheticShape.Spiral => Spiral(x, y),
        SyntheticShape.Hexagon => Polygon(Hexagon, x, y),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "There is no such shape."),
    };

    private static float Length(float x, float y) => MathF.Sqrt(x * x + y * y);

    private static float Box(float x, float y, float halfWidth, float halfHeight)
    {
        var dx = MathF.Abs(x) - halfWidth;
        var dy = MathF.Abs(y) - halfHeight;
        return Length(MathF.Max(dx, 0), MathF.Max(dy, 0)) + MathF.Min(MathF.Max(dx, dy), 0);
    }

    /// <summary>The offset from the nearest multiple of a period.</summary>
    private static float Fold(float value, float period) => value - period * MathF.Floor(value / period + 0.5f);

    private static float NearestDot(float value) => value < -0.28f ? -0.56f : value > 0.28f ? 0.56f : 0f;

    private static float Checks(float x, float y)
    {
        const float Cell = 0.34f;
        var toEdge = MathF.Min(MathF.Abs(x - NearestInnerEdge(x)), MathF.Abs(y - NearestInnerEdge(y)));
        return (((int)MathF.Floor(x / Cell) + (int)MathF.Floor(y / Cell)) & 1) == 0 ? -toEdge : toEdge;

        static float NearestInnerEdge(float value) => Math.Clamp(MathF.Round(value / Cell), -1, 1) * Cell;
    }

    private static float Heart(float x, float y)
    {
        // A square standing on its corner, and a disc on each of its two upper sides.
        const float Side = 0.46f;
        const float Diagonal = 0.70710678f;
        y -= 0.22f;
        var u = (x - y) * Diagonal;
        var v = (x + y) * Diagonal;
        return MathF.Min(Box(u, v, Side, Side), MathF.Min(Length(u - Side, v), Length(u, v + Side)) - Side);
    }

    private static float Spiral(float x, float y)
    {
        const float Pitch = 0.42f;
        var radius = Length(x, y);
        var turn = MathF.Atan2(y, x) / (2 * MathF.PI);
        return MathF.Max(radius - 0.92f, MathF.Abs(Fold(radius - Pitch * turn, Pitch)) - 0.1f);
    }

    /// <summary>The distance to a polygon given as x, y, x, y, …: the nearest edge, with the sign of the crossing rule.</summary>
    private static float Polygon(float[] points, float x, float y)
    {
        var nearest = float.MaxValue;
        var inside = false;
        var x0 = points[^2];
        var y0 = points[^1];
        for (var i = 0; i < points.Length; i += 2)
        {
            var x1 = points[i];
            var y1 = points[i + 1];
            var edgeX = x1 - x0;
            var edgeY = y1 - y0;
            var fromX = x - x0;
            var fromY = y - y0;
            var along = Math.Clamp((fromX * edgeX + fromY * edgeY) / (edgeX * edgeX + edgeY * edgeY), 0f, 1f);
            var awayX = fromX - edgeX * along;
            var awayY = fromY - edgeY * along;
            nearest = MathF.Min(nearest, awayX * awayX + awayY * awayY);
            if (y0 > y != y1 > y && x < x0 + edgeX * fromY / edgeY)
            {
                inside = !inside;
            }

            x0 = x1;
            y0 = y1;
        }

        var distance = MathF.Sqrt(nearest);
        return inside ? -distance : distance;
    }

    private static float[] RadialPolygon(int points, float outer, float? inner = null)
    {
        var corners = inner is null ? points : 2 * points;
        var polygon = new float[2 * corners];
        for (var i = 0; i < corners; i++)
        {
            var radius = inner is { } notch && i % 2 == 1 ? notch : outer;
            var (sin, cos) = Math.SinCos(2 * Math.PI * i / corners);
            polygon[2 * i] = (float)(radius * cos);
            polygon[2 * i + 1] = (float)(radius * sin);
        }

        return polygon;
    }
}
