// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Security.Cryptography;
using TorchStreaming.Datasets;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Datasets.Multimodal;

/// <summary>Frames as the real ffmpeg decodes them.</summary>
public sealed class VideoFrameReaderTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly FfmpegVideos _videos;

    public VideoFrameReaderTests() => _videos = new FfmpegVideos(_folder);

    public void Dispose() => _folder.Dispose();

    [FfmpegFact]
    public void Read_StartCountStride_GivesExactlyTheseFrames()
    {
        var path = _videos.Make("even.mp4", "testsrc=size=160x92:rate=25:duration=2", FfmpegVideos.Lossless);

        AssertFrames(path, 92, 160, 50, new VideoFrames(50, 92, 160));
        AssertFrames(path, 92, 160, 50, new VideoFrames(5, 92, 160, Start: 7, Stride: 3));
        AssertFrames(path, 92, 160, 50, new VideoFrames(1, 92, 160, Start: 49));
        AssertFrames(path, 92, 160, 50, new VideoFrames(3, 92, 160, Start: 20, Stride: 10));
    }

    [FfmpegFact]
    public void Read_OddSizes_AndOtherContainersAndRates_GiveTheSameFrames()
    {
        AssertFrames(
            _videos.Make("odd.mkv", "testsrc=size=53x31:rate=30000/1001:duration=1", "-c:v", "ffv1", "-pix_fmt", "gbrp"),
            31, 53, 30, new VideoFrames(12, 31, 53, Start: 1, Stride: 2));
        AssertFrames(
            _videos.Make("slow.avi", "testsrc=size=54x32:rate=5:duration=3", "-c:v", "ffv1", "-pix_fmt", "gbrp"),
            32, 54, 15, new VideoFrames(5, 32, 54, Start: 2, Stride: 3));
        AssertFrames(
            _videos.Make("fast.mp4", "testsrc=size=54x32:rate=120:duration=0.5", FfmpegVideos.Lossless),
            32, 54, 60, new VideoFrames(20, 32, 54, Start: 0, Stride: 3));
    }

    [FfmpegFact]
    public void Read_VariableFrameRateWithSound_NumbersFramesAsTheyAreDecoded()
    {
        var path = _videos.Make(
            "variable.mp4", "testsrc=size=64x48:rate=30:duration=2",
            ["-f", "lavfi", "-i", "sine=duration=2", "-vf", "select=not(mod(n\\,7))+lt(n\\,10)", "-vsync", "vfr", .. FfmpegVideos.Lossless]);

        AssertFrames(path, 48, 64, 17, new VideoFrames(17, 48, 64));
        AssertFrames(path, 48, 64, 17, new VideoFrames(4, 48, 64, Start: 5, Stride: 3));
    }

    [FfmpegFact]
    public void Read_TakenSideways_IsTurnedUpright()
    {
        var path = _videos.Make("flat.mp4", "testsrc=size=64x48:rate=10:duration=1", FfmpegVideos.Lossless);
        var lying = FfmpegVideos.DecodeAll(path, 3 * 48 * 64)[4];
        var video = File.ReadAllBytes(path);
        WriteQuarterTurn(video.AsSpan(video.AsSpan().IndexOf("tkhd"u8) + 44));
        File.WriteAllBytes(path, video);

        var (count, upright) = Read(path, new VideoFrames(1, 64, 48, Start: 4));

        Assert.Equal(1, count);
        Assert.Equal(Turn(lying, 48, 64), upright);
    }

    [FfmpegFact]
    public void Read_OtherSize_StretchesTheWholeFrame()
    {
        var path = _videos.Make("halves.mp4", "color=red:size=64x48:rate=10:duration=1", ["-vf", "drawbox=0:0:32:48:blue:fill", .. FfmpegVideos.Lossless]);

        var (_, frame) = Read(path, new VideoFrames(1, 10, 40));

        // G, B, R: blue on the left, red on the right, in every row.
        for (var row = 0; row < 10; row++)
        {
            Assert.InRange(frame[400 + (row * 40) + 5], 250, 255);
            Assert.InRange(frame[400 + (row * 40) + 35], 0, 5);
            Assert.InRange(frame[800 + (row * 40) + 5], 0, 5);
            Assert.InRange(frame[800 + (row * 40) + 35], 250, 255);
        }
    }

    [FfmpegFact]
    public void Read_VideoTooShort_SaysHowManyFramesItHadAndLeavesTheOthersBlack()
    {
        var path = _videos.Make("short.mp4", "testsrc=size=16x16:rate=10:duration=0.5", FfmpegVideos.Lossless);

        var (some, frames) = Read(path, new VideoFrames(4, 16, 16, Start: 3));
        var (none, black) = Read(path, new VideoFrames(4, 16, 16, Start: 100));

        Assert.Equal(2, some);
        Assert.All(frames[(2 * 768)..], static value => Assert.Equal(0, value));
        Assert.Equal(0, none);
        Assert.All(black, static value => Assert.Equal(0, value));
    }

    [FfmpegFact]
    public void Read_FileCutOff_GivesTheFramesBeforeTheCut()
    {
        var whole = File.ReadAllBytes(_videos.Make("whole.mkv", "testsrc=size=64x48:rate=25:duration=2", "-c:v", "ffv1", "-pix_fmt", "gbrp"));
        var path = _folder.Combine("cut.mkv");
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        var all = FfmpegVideos.DecodeAll(_folder.Combine("whole.mkv"), 3 * 48 * 64);

        var (count, frames) = Read(path, new VideoFrames(50, 48, 64));

        Assert.InRange(count, 10, 40);
        Assert.Equal(all.Take(count - 1).SelectMany(static frame => frame), frames.Take((count - 1) * 3 * 48 * 64));
    }

    [FfmpegFact]
    public void Read_NoVideo_FailsWithTheProgramsWords()
    {
        var noise = new byte[5000];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(_folder.Combine("noise.mp4"), noise);
        File.WriteAllBytes(_folder.Combine("empty.mp4"), []);
        FfmpegVideos.Run("-f", "lavfi", "-i", "sine=duration=1", _folder.Combine("sound.mkv"));
        File.WriteAllText(_folder.Combine("list.mp4"), $"ffconcat version 1.0\nfile '{_folder.Combine("sound.mkv")}'\n");
        foreach (var name in (string[])["noise.mp4", "empty.mp4", "sound.mkv", "list.mp4", "absent.mp4"])
        {
            var error = Assert.Throws<InvalidDataException>(() => Read(_folder.Combine(name), new VideoFrames(2, 16, 16)));
            Assert.Matches("decoded 0 of 2 frames and failed with exit code [0-9]+: .{10,}", error.Message);
        }
    }

    private static void AssertFrames(string path, int height, int width, int length, VideoFrames frames)
    {
        var all = FfmpegVideos.DecodeAll(path, 3 * height * width);
        Assert.Equal(length, all.Length);
        Assert.Equal(length, all.Select(static frame => Convert.ToHexString(SHA256.HashData(frame))).Distinct().Count());

        var (count, actual) = Read(path, frames);

        Assert.Equal(frames.Count, count);
        for (var i = 0; i < count; i++)
        {
            Assert.True(all[frames.Start + (i * frames.Stride)].AsSpan().SequenceEqual(actual.AsSpan(i * 3 * height * width, 3 * height * width)), $"frame {i}");
        }
    }

    private static (int Count, byte[] Frames) Read(string path, VideoFrames frames)
    {
        var bytes = new byte[frames.FrameBytes * frames.Count];
        Array.Fill(bytes, (byte)77);
        return (new VideoFrameReader(frames).Read(path, bytes, CancellationToken.None), bytes);
    }

    /// <summary>Writes the matrix of a track header that has players turn the image by 90 degrees, clockwise.</summary>
    private static void WriteQuarterTurn(Span<byte> matrix)
    {
        int[] turn = [0, 1 << 16, 0, -1 << 16, 0, 0];
        for (var i = 0; i < turn.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(matrix[(4 * i)..], turn[i]);
        }
    }

    /// <summary>Turns a frame by 90 degrees, clockwise.</summary>
    private static byte[] Turn(byte[] frame, int height, int width)
    {
        var turned = new byte[frame.Length];
        for (var plane = 0; plane < 3; plane++)
        {
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    turned[(plane * height * width) + (x * height) + (height - 1 - y)] = frame[(plane * height * width) + (y * width) + x];
                }
            }
        }

        return turned;
    }
}
