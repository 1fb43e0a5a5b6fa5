// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>
/// The pages under <c>docs/api</c> say what the doc comments say. After a change of comments run the tests with
/// <c>TORCHSTREAMING_WRITE_PUBLIC_API=1</c> and commit the pages.
/// </summary>
public sealed class ApiReferenceTests
{
    [Theory]
    [MemberData(nameof(PublicApiTests.Packages), MemberType = typeof(PublicApiTests))]
    public void Pages_OfAPackage_SayWhatTheCommentsSay(string package)
    {
        var folder = Path.Combine(RepositoryRoot.Path, "docs", "api", package);
        var pages = ApiReference.Of(package);
        if (Environment.GetEnvironmentVariable("TORCHSTREAMING_WRITE_PUBLIC_API") == "1")
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.CreateDirectory(folder);
            foreach (var (name, text) in pages)
            {
                File.WriteAllText(Path.Combine(folder, name), text);
            }
        }

        Assert.Equal(pages.Keys.Order(StringComparer.Ordinal), Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var changed = pages.Where(page => File.ReadAllText(Path.Combine(folder, page.Key)).ReplaceLineEndings("\n") != page.Value).Select(static page => page.Key);
        Assert.True(
            !changed.Any(),
            $"Doc comments have changed: run this test with TORCHSTREAMING_WRITE_PUBLIC_API=1 and commit docs/api/{package}: {string.Join(", ", changed)}");
    }
}
