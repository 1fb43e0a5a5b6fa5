// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>The dataset of Composer's documentation, of any length: field <c>uid</c> is the sample's number in six digits, <c>data</c>
/// three times that number in four bytes, big-endian. A sample has 26 bytes.</summary>
public static class LegacyDataset
{
    /// <summary>Writes the dataset.</summary>
    /// <param name="directory">A directory that does not hold one.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="shardSizeLimit">The bytes that a shard stays below.</param>
    /// <param name="compression">As Composer takes it, for example <c>gz</c>.</param>
    public static void Write(string directory, int samples, long shardSizeLimit = 64, string? compression = null)
    {
        using var writer = new StreamingDatasetWriter(directory, ["uid", "data"], shardSizeLimit, compression);
        for (var i = 0; i < samples; i++)
        {
            writer.WriteSample(new Dictionary<string, byte[]> { ["uid"] = Uid(i), ["data"] = Data(i) });
        }

        writer.Finish();
    }

    /// <summary>Gets the bytes of field <c>uid</c>.</summary>
    public static byte[] Uid(int sample) => Encoding.ASCII.GetBytes(sample.ToString("D6", CultureInfo.InvariantCulture));

    /// <summary>Gets the bytes of field <c>data</c>.</summary>
    public static byte[] Data(int sample)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, 3 * sample);
        return bytes;
    }

    /// <summary>Serves all files of a directory below a path.</summary>
    public static void Serve(ScriptedHttpServer server, string directory, string path = "")
    {
        ArgumentNullException.ThrowIfNull(server);
        foreach (var file in Directory.GetFiles(directory))
        {
            server.Put(path + Path.GetFileName(file), File.ReadAllBytes(file));
        }
    }
}
