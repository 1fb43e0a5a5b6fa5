// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Net;
using System.Text.Json;
using SkiaSharp;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary>The tool as a process on a machine that has .NET and neither libzstd, libturbojpeg nor ASP.NET Core.</summary>
public sealed class BareMachineTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string?> _environment = [];

    public BareMachineTests()
    {
        // An empty file of a library's name, found first, is a library that cannot be loaded.
        var libraries = _directory.Combine("libraries");
        Directory.CreateDirectory(libraries);
        foreach (var name in (string[])["libzstd.so.1", "libzstd.so", "libturbojpeg.so.0", "libturbojpeg.so"])
        {
            File.WriteAllBytes(Path.Combine(libraries, name), []);
        }

        _environment["LD_LIBRARY_PATH"] = libraries;
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Tool_WithoutNativeCodecs_MakesChecksAndShowsJpegInZstd()
    {
        var (images, shards, sheet) = (_directory.Combine("images"), _directory.Combine("shards"), _directory.Combine("sheet.png"));

        await RunAsync("synth", images, "--images", "24", "--classes", "2");
        Assert.NotEmpty(Directory.GetFiles(images, "*.jpg", SearchOption.AllDirectories));
        await RunAsync("convert", "imagefolder", images, shards, "--compression", "zstd", "--resize", "32");
        Assert.Contains("valid", await RunAsync("verify", shards, "--hashes", "--decode"), StringComparison.Ordinal);
        await RunAsync("cat", shards, "--range", ":2");
        await RunAsync("peek", shards, "--output", sheet);
        Assert.Equal(ImageFormat.Png, ImageFormats.Detect(File.ReadAllBytes(sheet)));
    }

    [Fact]
    public async Task Peek_WithoutNativeCodecs_ShowsJpegPngAndWebP()
    {
        var data = _directory.Combine("data");
        var columns = new Dictionary<string, string> { ["jpeg"] = "jpeg", ["png"] = "png", ["webp"] = "bytes" };
        await using (var writer = await MdsWriter.CreateAsync(data, columns, new() { Compression = "zstd:7" }))
        {
            using var bitmap = new SKBitmap(20, 10);
            bitmap.Erase(SKColors.Teal);
            byte[] Encode(SKEncodedImageFormat format) => bitmap.Encode(format, 90).ToArray();
            await writer.WriteAsync(new Dictionary<string, object?>
            {
                ["jpeg"] = Encode(SKEncodedImageFormat.Jpeg),
                ["png"] = Encode(SKEncodedImageFormat.Png),
                ["webp"] = Encode(SKEncodedImageFormat.Webp),
            });
            await writer.CompleteAsync();
        }

        foreach (var column in columns.Keys)
        {
            var sheet = _directory.Combine(column + "-sheet.png");
            await RunAsync("peek", data, "--column", column, "--output", sheet);
            var tile = PngReader.ReadFile(sheet);
            Assert.Contains(Enumerable.Range(0, tile.Pixels.Length / 3), pixel => tile.Pixels.AsSpan(3 * pixel, 3) is [< 8, > 120 and < 136, > 120 and < 136]);
        }
    }

    [Fact]
    public void Tool_ItsRuntimeConfiguration_AsksForNothingBesideNet()
    {
        using var configuration = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(ToolProcess.Tool, ".runtimeconfig.json")));
        var options = configuration.RootElement.GetProperty("runtimeOptions");

        Assert.Equal("Microsoft.NETCore.App", options.GetProperty("framework").GetProperty("name").GetString());
        Assert.False(options.TryGetProperty("frameworks", out _));
    }

    [Fact]
    public async Task Serve_AsAProcess_FindsAspNetCoreAndAnswers()
    {
        await File.WriteAllTextAsync(_directory.Combine("hello.txt"), "hello");
        var start = new ProcessStartInfo("dotnet", [ToolProcess.Tool, "serve", _directory.Path, "--port", "0"]) { RedirectStandardOutput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        try
        {
            var address = await process.StandardOutput.ReadLineAsync().WaitAsync(ToolProcess.Patience);
            using var client = new HttpClient();

            Assert.Equal("hello", await client.GetStringAsync(new Uri(new Uri(address!), "hello.txt")));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public void Find_SeveralRuntimes_IsTheNewestOfTheSameMinorVersion()
    {
        foreach (var version in (string[])["9.0.30", "10.0.2", "10.0.11", "10.1.0", "10.0.12-preview"])
        {
            Directory.CreateDirectory(_directory.Combine("shared", "Microsoft.AspNetCore.App", version));
        }

        var net = _directory.Combine("shared", "Microsoft.NETCore.App", "10.0.12");
        Assert.Equal("10.0.11", Path.GetFileName(AspNetCoreRuntime.Find(net, new Version(10, 0, 12))));
        Assert.Null(AspNetCoreRuntime.Find(net, new Version(11, 0, 0)));
        Assert.Null(AspNetCoreRuntime.Find(_directory.Combine("elsewhere", "Microsoft.NETCore.App", "10.0.12"), new Version(10, 0, 12)));
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var tool = ToolProcess.Start(arguments, _environment);
        await tool.AssertExitAsync(ExitCodes.Success);
        return await tool.Output + await tool.Error;
    }
}
