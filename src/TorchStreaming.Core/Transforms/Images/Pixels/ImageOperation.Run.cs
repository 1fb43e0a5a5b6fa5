// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <content>Carries operations out.</content>
public readonly partial record struct ImageOperation
{
    internal void Run(PixelCanvas canvas)
    {
        var pixels = canvas.Pixels;
        if (pixels.IsEmpty || (Value == 1 && Kind is >= ImageOperationKind.Brightness and <= ImageOperationKind.Sharpness))
        {
            return;
        }

        switch (Kind)
        {
            case ImageOperationKind.Identity:
                break;
            case ImageOperationKind.Saturation:
                PixelBlend.Saturate(pixels, (float)Value);
                break;
            case ImageOperationKind.Sharpness:
                PixelBlend.Sharpen(pixels, canvas.Width, (float)Value, canvas.GetBack(canvas.Width, canvas.Height));
                canvas.Turn(canvas.Width, canvas.Height);
                break;
            case ImageOperationKind.Hue:
                PixelHue.Shift(pixels, unchecked((byte)(int)(Value * 255)));
                break;
            case ImageOperationKind.Grayscale:
                PixelBlend.ToGray(pixels);
                break;
            case ImageOperationKind.AutoContrast or ImageOperationKind.Equalize:
                RunByChannel(pixels);
                break;
            case ImageOperationKind.Rotate:
                RunWarp(canvas, AffineMatrix.Rotation(Value, canvas.Width, canvas.Height));
                break;
            case ImageOperationKind.Affine:
                var (x, y) = IsAboutTheCorner ? (0, 0) : (canvas.Width * 0.5, canvas.Height * 0.5);
                RunWarp(canvas, AffineMatrix.Warp(Warp, x, y));
                break;
            default:
                RunTable(pixels);
                break;
        }
    }

    private void RunTable(Span<byte> pixels)
    {
        Span<byte> table = stackalloc byte[PixelTables.Size];
        switch (Kind)
        {
            case ImageOperationKind.Brightness:
                PixelTables.FillBlend(table, level: 0, (float)Value);
                break;
            case ImageOperationKind.Contrast:
                PixelTables.FillBlend(table, PixelBlend.MeanLuma(pixels), (float)Value);
                break;
            case ImageOperationKind.Gamma:
                PixelTables.FillGamma(table, Value, SecondValue);
                break;
            case ImageOperationKind.Posterize:
                PixelTables.FillPosterize(table, (int)Value);
                break;
            default:
                PixelTables.FillSolarize(table, Kind == ImageOperationKind.Invert ? 0 : Value);
                break;
        }

        PixelTables.Apply(pixels, table);
    }

    private void RunByChannel(Span<byte> pixels)
    {
        Span<byte> tables = stackalloc byte[3 * PixelTables.Size];
        if (Kind == ImageOperationKind.Equalize)
        {
            PixelTables.FillEqualize(tables, pixels);
        }
        else
        {
            PixelTables.FillAutoContrast(tables, pixels);
        }

        PixelTables.ApplyByChannel(pixels, tables);
    }

    private void RunWarp(PixelCanvas canvas, in AffineMatrix matrix)
    {
        var (width, height) = (canvas.Width, canvas.Height);
        var result = canvas.GetBack(width, height);
        if (Interpolation == ImageInterpolation.Bilinear)
        {
            PixelWarp.Bilinear(canvas.Pixels, width, height, matrix, FillColor, result);
        }
        else
        {
            PixelWarp.Nearest(canvas.Pixels, width, height, matrix, FillColor, result);
        }

        canvas.Turn(width, height);
    }
}
