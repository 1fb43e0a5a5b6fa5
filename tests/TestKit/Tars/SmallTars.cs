// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.TestKit;

/// <summary>Writes small tars with the fields <c>txt</c> and <c>id</c> (eight bytes).</summary>
public static class SmallTars
{
    /// <summary>Gets the key of a sample.</summary>
    public static string KeyOf(int id) => string.Create(CultureInfo.InvariantCulture, $"set/{id:D5}");

    /// <summary>Makes a tar of some samples.</summary>
    public static byte[] Make(int firstId, int count)
    {
        var tar = new TarBytes().Add("set/", default, '5').Add("README", "no sample");
        for (var id = firstId; id < firstId + count; id++)
        {
            tar.Add($"{KeyOf(id)}.id", BitConverter.GetBytes((long)id));
            tar.Add($"{KeyOf(id)}.TXT", Encoding.UTF8.GetBytes($"text {id}"));
        }

        return tar.ToArray();
    }

    /// <summary>Writes <c>train-0.tar</c>, <c>train-1.tar</c>, …</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="counts">The samples of each.</param>
    /// <returns>The number of samples.</returns>
    public static int Write(string folder, params ReadOnlySpan<int> counts)
    {
        Directory.CreateDirectory(folder);
        var id = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"train-{i}.tar"), Make(id, counts[i]));
            id += counts[i];
        }

        return id;
    }
}
