// SPDX-License-Identifier: MIT

using System.Reflection;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>
/// The public face of each package is what its file here says, so that no change of it goes unseen. After an intended change run the tests with
/// <c>TORCHSTREAMING_WRITE_PUBLIC_API=1</c> and commit the files.
/// </summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Packages => new(
        "TorchStreaming.Core",
        "TorchStreaming",
        "TorchStreaming.Imaging.Skia",
        "TorchStreaming.Storage.Azure",
        "TorchStreaming.Storage.GoogleCloud",
        "TorchStreaming.Storage.S3");

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicFace_OfAPackage_IsTheRecordedOne(string package)
    {
        var file = Path.Combine(RepositoryRoot.Path, "tests", "Documentation", "PublicApi", package + ".txt");
        var face = PublicFace.Of(Assembly.Load(package)).ToArray();
        if (Environment.GetEnvironmentVariable("TORCHSTREAMING_WRITE_PUBLIC_API") == "1")
        {
            File.WriteAllLines(file, face);
        }

        var recorded = File.ReadAllLines(file);
        Assert.True(
            face.SequenceEqual(recorded),
            $"""
            The public face of {package} has changed. Where that is intended, run this test with TORCHSTREAMING_WRITE_PUBLIC_API=1 and commit {file}.
            Gone:
            {string.Join('\n', recorded.Except(face))}
            New:
            {string.Join('\n', face.Except(recorded))}
            """);
    }
}
