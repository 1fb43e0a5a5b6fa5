// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Conversion;

/// <summary>Paints one image after another: a shape of varied place, size, turn and color on textured noise. The same key gives the same
/// pixels. One painter per thread.</summary>
internal sealed class SyntheticImagePainter
{
    private readonly NoiseTexture _texture = new();
    private byte[] _pixels = [];
    private float[] _row = [];

    /// <summary>Gets the size of the image painted last.</summary>
    public ImageInfo Info { get; private set; }

    /// <summary>Gets the pixels painted last: rows of red, green, blue bytes without padding. Overwritten by the next image.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.AsSpan(0, checked(Info.Width * Info.Height * 3));

    /// <summary>Paints an image.</summary>
    /// <param name="shape">The shape to show.</param>
    /// <param name="hue">The hue around which shapes of this class are, from 0 to 1.</param>
    /// <param name="options">The range of sizes, and how strongly hue belongs to the class.</param>
    /// <param name="random">The image's own numbers.</param>
    public void Paint(SyntheticShape shape, float hue, SyntheticImageFolderOptions options, SplitMix64 random)
    {
        var sizes = options.MaximumSize - options.MinimumSize + 1L;
        Info = new ImageInfo(options.MinimumSize + (int)random.NextBelow(sizes), options.MinimumSize + (int)random.NextBelow(sizes), 3);
        if (_pixels.Length < checked(Info.Width * Info.Height * 3))
        {
            _pixels = new byte[Info.Width * Info.Height * 3];
        }

        if (_row.Length < Info.Width)
        {
            _row = new float[Info.Width];
        }

        var background = PaintBackground(ref random);
        PaintShape(shape, ShapeColor(hue, options.ClassColor, background, ref random), ref random);
    }

    private Color PaintBackground(ref SplitMix64 random)
    {
        var color = Color.FromHsv(random.NextBetween(0, 1), random.NextBetween(0, 0.3f), random.NextBetween(0.2f, 0.8f));
        var gain = new Color(random.NextBetween(0.6f, 1), random.NextBetween(0.6f, 1), random.NextBetween(0.6f, 1));
        var slopeX = random.NextBetween(-40, 40) / Info.Width;
        var slopeY = random.NextBetween(-40, 40) / Info.Height;
        _texture.Reset(Info.Width, Info.Height, ref random);
        var row = _row.AsSpan(0, Info.Width);
        for (var y = 0; y < Info.Height; y++)
        {
            _texture.FillRow(y, row);
            var light = slopeY * (y - Info.Height / 2f);
            var pixels = _pixels.AsSpan(y * Info.Width * 3, Info.Width * 3);
            for (var x = 0; x < row.Length; x++)
            {
                var value = row[x] + light + slopeX * (x - Info.Width / 2f);
                pixels[3 * x] = ToByte(color.Red + gain.Red * value);
                pixels[3 * x + 1] = ToByte(color.Green + gain.Green * value);
                pixels[3 * x + 2] = ToByte(color.Blue + gain.Blue * value);
            }
        }

        return color;
    }

    private static Color ShapeColor(float hue, float classColor, Color background, ref SplitMix64 random)
    {
        var own = random.NextBetween(0, 1) < classColor;
        var chosen = own ? hue + random.NextBetween(-0.04f, 0.04f) : random.NextBetween(0, 1);
        var color = Color.FromHsv(chosen - MathF.Floor(chosen), random.NextBetween(0.7f, 1), random.NextBetween(0.65f, 1));

        // Saturation sets shape and ground apart; where the light is the same too, the shape is made darker.
        return MathF.Abs(color.Luma - background.Luma) < 25 ? color.Scaled(0.6f) : color;
    }

    private void PaintShape(SyntheticShape shape, Color color, ref SplitMix64 random)
    {
        var radius = random.NextBetween(0.28f, 0.46f) * Math.Min(Info.Width, Info.Height);
        var centerX = random.NextBetween(radius * 0.9f, Info.Width - radius * 0.9f);
        var centerY = random.NextBetween(radius * 0.9f, Info.Height - radius * 0.9f);
        var (sin, cos) = MathF.SinCos(random.NextBetween(0, 2 * MathF.PI));
        var left = Math.Max(0, (int)(centerX - radius) - 1);
        var right = Math.Min(Info.Width, (int)(centerX + radius) + 2);
        var top = Math.Max(0, (int)(centerY - radius) - 1);
        var bottom = Math.Min(Info.Height, (int)(centerY + radius) + 2);
        for (var y = top; y < bottom; y++)
        {
            var pixels = _pixels.AsSpan(y * Info.Width * 3, Info.Width * 3);
            var v = (y + 0.5f - centerY) / radius;
            for (var x = left; x < right; x++)
            {
                var u = (x + 0.5f - centerX) / radius;
                if (u * u + v * v > 1)
                {
                    continue;
                }

                // The distance in pixels gives the share of the pixel that the shape covers; a tenth of the texture shows through.
                var distance = ShapeDistance.At(shape, u * cos + v * sin, v * cos - u * sin) * radius;
                var cover = Math.Clamp(0.5f - distance, 0f, 1f) * 0.9f;
                pixels[3 * x] = ToByte(pixels[3 * x] * (1 - cover) + color.Red * cover);
                pixels[3 * x + 1] = ToByte(pixels[3 * x + 1] * (1 - cover) + color.Green * cover);
                pixels[3 * x + 2] = ToByte(pixels[3 * x + 2] * (1 - cover) + color.Blue * cover);
            }
        }
    }

    private static byte ToByte(float value) => (byte)Math.Clamp(value + 0.5f, 0f, 255f);

    /// <summary>A color of three values from 0 to 255.</summary>
    private readonly record struct Color(float Red, float Green, float Blue)
    {
        public float Luma => 0.299f * Red + 0.587f * Green + 0.114f * Blue;

        /// <summary>Makes a color of hue, saturation and value, each from 0 to 1.</summary>
        public static Color FromHsv(float hue, float saturation, float value)
        {
            return new Color(Channel(5), Channel(3), Channel(1));

            float Channel(float offset)
            {
                var k = (offset + hue * 6) % 6;
                return 255 * value * (1 - saturation * Math.Clamp(MathF.Min(k, 4 - k), 0f, 1f));
            }
        }

        public Color Scaled(float factor) => new(Red * factor, Green * factor, Blue * factor);
    }
}
