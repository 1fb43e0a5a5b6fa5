// SPDX-License-Identifier: MIT

using System.Globalization;

namespace ImageNetTraining;

/// <summary>Writes down which samples each batch held, so that runs can be compared.</summary>
internal sealed class SampleIdLog(string? path) : IDisposable
{
    private readonly StreamWriter? _writer = path is null ? null : new StreamWriter(path, append: true);

    public void Add(ReadOnlySpan<long> ids)
    {
        if (_writer is null)
        {
            return;
        }

        for (var i = 0; i < ids.Length; i++)
        {
            _writer.Write(i == 0 ? "" : " ");
            _writer.Write(ids[i].ToString(CultureInfo.InvariantCulture));
        }

        _writer.WriteLine();
    }

    public void Dispose() => _writer?.Dispose();
}
