// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary>The work that <see cref="InterruptTests"/> interrupt: images whose first class is quickly converted, so that there is something
/// to continue, while the others take the better part of a minute, so that no test can come too late. Nobody waits for those: before the
/// conversion is continued small images take their places.</summary>
public sealed class InterruptedConversion : IAsyncLifetime
{
    /// <summary>The number of images before the heavy ones.</summary>
    public const int LightImages = 6;

    /// <summary>What all conversions are told. Brotli at its best takes many milliseconds even for a small image.</summary>
    public static readonly string[] Options = ["--no-shuffle", "--compression", "br:11", "--hashes", "sha1", "--size-limit", "32kb"];

    private const int Classes = 5;

    private readonly TemporaryDirectory _directory = new();

    /// <summary>Gets the digest of each file of what an undisturbed conversion of the small images makes.</summary>
    public IReadOnlyDictionary<string, string> ExpectedDigest { get; private set; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        foreach (var (name, size) in ((string, string)[])[("light", "90-96"), ("heavy", "512-512")])
        {
            (await ToolRun.InvokeAsync(
                "synth", _directory.Combine(name), "--raw", "--images", $"{LightImages * Classes}", "--classes", $"{Classes}", "--size", size))
                .AssertSuccess();
        }

        (await ToolRun.InvokeAsync(["convert", "imagefolder", _directory.Combine("light"), _directory.Combine("expected"), .. Options]))
            .AssertSuccess();
        ExpectedDigest = DirectoryContents.Digest(_directory.Combine("expected"));
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Puts the images into a folder.</summary>
    /// <param name="target">The folder; what is there is replaced.</param>
    /// <param name="heavy">Whether the images after the first class are large.</param>
    public void CopySource(string target, bool heavy)
    {
        var light = Directory.GetDirectories(_directory.Combine("light")).Order(StringComparer.Ordinal).ToArray();
        foreach (var (number, folder) in light.Index())
        {
            var name = Path.GetFileName(folder);
            var from = heavy && number > 0 ? _directory.Combine("heavy", name) : folder;
            Directory.CreateDirectory(Path.Combine(target, name));
            foreach (var file in Directory.GetFiles(from))
            {
                File.Copy(file, Path.Combine(target, name, Path.GetFileName(file)), overwrite: true);
            }
        }
    }
}
