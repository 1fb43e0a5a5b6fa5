// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;
using Xunit;

namespace TorchStreaming.TestKit;

/// <summary>A member of a tar as it was read.</summary>
internal sealed record TarContent(string Name, TarMemberKind Kind, string Content, long Start, long ContentOffset);

/// <summary>Reads whole tars.</summary>
internal static class TarContents
{
    /// <summary>Reads a tar from memory through the file reader and the stream reader, and sees that they agree, in failure too.</summary>
    /// <param name="tar">The tar.</param>
    /// <returns>The members; content in Latin-1.</returns>
    public static List<TarContent> Read(byte[] tar)
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Combine("a.tar");
        File.WriteAllBytes(path, tar);
        var (ofFile, failure) = Try(() => ReadFile(path));
        var (ofStream, streamFailure) = Try(() => ReadStreamAsync(new UnseekableStream(tar), path).AsTask().GetAwaiter().GetResult());
        Assert.Equal(failure?.Message, streamFailure?.Message);
        Assert.Equal(ofFile, ofStream);
        return failure is null ? ofFile! : throw failure;
    }

    /// <summary>Reads a tar from a file.</summary>
    public static List<TarContent> ReadFile(string path)
    {
        using var reader = new TarFileReader(path);
        var members = new List<TarContent>();
        while (reader.MoveNext())
        {
            var content = Encoding.Latin1.GetString(reader.Content);
            members.Add(new(Encoding.UTF8.GetString(reader.Name), reader.Kind, content, reader.Start, reader.ContentOffset));
        }

        return members;
    }

    /// <summary>Reads a tar from a stream.</summary>
    public static async ValueTask<List<TarContent>> ReadStreamAsync(Stream stream, string location)
    {
        await using var reader = new TarStreamReader(stream, location);
        var members = new List<TarContent>();
        while (await reader.MoveNextAsync())
        {
            using var content = new MemoryStream();
            var buffer = new byte[1000];
            while (await reader.ReadAsync(buffer) is var count and > 0)
            {
                content.Write(buffer, 0, count);
            }

            var text = Encoding.Latin1.GetString(content.ToArray());
            members.Add(new(Encoding.UTF8.GetString(reader.Name), reader.Kind, text, reader.Start, reader.ContentOffset));
        }

        return members;
    }

    private static (List<TarContent>? Members, ShardFormatException? Failure) Try(Func<List<TarContent>> read)
    {
        try
        {
            return (read(), null);
        }
        catch (ShardFormatException exception)
        {
            return (null, exception);
        }
    }
}
