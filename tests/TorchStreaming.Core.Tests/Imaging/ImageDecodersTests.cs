// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Tests.Imaging;

public sealed class ImageDecodersTests
{
    [Fact]
    public void Decoder_JpegWithoutDecoder_NamesBothRemedies()
    {
        using var decoder = new ImageDecoders([RawImageDecoderFactory.Instance]).CreateDecoder();

        var exception = Assert.Throws<ImageDecodeException>(() => decoder.TryReadInfo([0xFF, 0xD8, 0xFF, 0xE0], out _));

        Assert.Contains("libturbojpeg0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("TorchStreaming.Imaging.Skia", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decoder_UnknownBytes_ShowsHowTheyStart()
    {
        using var decoder = ImageDecoders.Default.CreateDecoder();

        var exception = Assert.Throws<ImageDecodeException>(() => decoder.TryReadInfo([0xAB, 0xCD], out _));

        Assert.Contains("ABCD", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decoder_SeveralThatRead_TheFirstAvailableOneIsUsed()
    {
        var (absent, first, second) = (new FakeFactory(false), new FakeFactory(true), new FakeFactory(true));
        using var decoder = new ImageDecoders([absent, first]).With(second).CreateDecoder();

        decoder.TryReadInfo("GIF89a"u8, out _);
        decoder.TryReadInfo("GIF89a"u8, out _);

        Assert.Equal((0, 1, 0), (absent.Made, first.Made, second.Made));
    }

    [Fact]
    public void Decoder_AfterDispose_DisposesWhatItMadeAndThrows()
    {
        var factory = new FakeFactory(true);
        var decoder = new ImageDecoders([factory]).CreateDecoder();
        decoder.TryReadInfo("GIF89a"u8, out _);

        decoder.Dispose();

        Assert.Equal(1, factory.Disposed);
        Assert.Throws<ObjectDisposedException>(() => decoder.TryReadInfo("GIF89a"u8, out _));
    }

    [Fact]
    public void CanDecode_AsksTheAvailableOnes()
    {
        Assert.True(new ImageDecoders([new FakeFactory(true)]).CanDecode(ImageFormat.Gif));
        Assert.False(new ImageDecoders([new FakeFactory(false)]).CanDecode(ImageFormat.Gif));
        Assert.False(new ImageDecoders([]).CanDecode(ImageFormat.Jpeg));
        Assert.True(ImageDecoders.Default.CanDecode(ImageFormat.Raw));
    }

    [Fact]
    public void Register_AKindThatIsThere_ChangesNothing()
    {
        var before = ImageDecoders.Default;

        ImageDecoders.Register(RawImageDecoderFactory.Instance);

        Assert.Same(before, ImageDecoders.Default);
    }

    [Theory]
    [InlineData("FFD8FFE0", ImageFormat.Jpeg)]
    [InlineData("89504E470D0A1A0A00", ImageFormat.Png)]
    [InlineData("52494646000000005745425056503820", ImageFormat.WebP)]
    [InlineData("474946383761", ImageFormat.Gif)]
    [InlineData("49492A00", ImageFormat.Tiff)]
    [InlineData("4D4D002A", ImageFormat.Tiff)]
    [InlineData("424D00000000", ImageFormat.Bmp)]
    [InlineData("020000000100000003000000524742010203010203", ImageFormat.Raw)]
    [InlineData("02000000010000000300000052474201020301020304", ImageFormat.Unknown)]
    [InlineData("FFFFFFFFFFFFFFFF04000000434D594B00", ImageFormat.Unknown)]
    [InlineData("FFD8", ImageFormat.Unknown)]
    [InlineData("", ImageFormat.Unknown)]
    public void Detect_FirstBytes_TellTheFormat(string hex, ImageFormat format) =>
        Assert.Equal(format, ImageFormats.Detect(Convert.FromHexString(hex)));

    private sealed class FakeFactory(bool isAvailable) : IImageDecoderFactory
    {
        public string Name => "fake";

        public bool IsAvailable => isAvailable;

        public int Made { get; private set; }

        public int Disposed { get; private set; }

        public bool Supports(ImageFormat format) => format == ImageFormat.Gif;

        public IImageDecoder Create(ImageDecoderOptions options)
        {
            Made++;
            return new FakeDecoder(() => Disposed++);
        }
    }

    private sealed class FakeDecoder(Action onDispose) : IImageDecoder
    {
        public bool TryReadInfo(ReadOnlySpan<byte> encoded, out ImageInfo info)
        {
            info = new ImageInfo(1, 1, 3);
            return true;
        }

        public ImageDecodePlan Plan(ReadOnlySpan<byte> encoded, in ImageInfo info, PixelRectangle region, double minimumScale) =>
            new(info, ImageScale.Full, region, 3);

        public void Decode(ReadOnlySpan<byte> encoded, in ImageDecodePlan plan, Span<byte> destination) => destination.Clear();

        public void Dispose() => onDispose();
    }
}
