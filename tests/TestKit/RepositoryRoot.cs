// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>The checkout that the tests run in.</summary>
public static class RepositoryRoot
{
    /// <summary>Gets the folder that holds <c>TorchStreaming.slnx</c>.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "TorchStreaming.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests must run from inside the checkout: TorchStreaming.slnx was not found above them.");
    }
}
