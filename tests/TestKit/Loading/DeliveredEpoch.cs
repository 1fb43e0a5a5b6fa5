// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;
using TorchStreaming.Loading;

namespace TorchStreaming.TestKit;

/// <summary>What a loader with an <see cref="IdAndTextTransform"/> delivered of one epoch, to its end or to its failure.</summary>
public sealed class DeliveredEpoch
{
    private readonly List<(long Id, string Text)> _samples = [];

    private DeliveredEpoch()
    {
    }

    /// <summary>Gets the ids and texts, in order.</summary>
    public IReadOnlyList<(long Id, string Text)> Samples => _samples;

    /// <summary>Gets what ended the epoch early, or <see langword="null"/>.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gets a digest of all ids and texts in order.</summary>
    public string Digest
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (id, text) in _samples)
            {
                hash.AppendData(BitConverter.GetBytes(id));
                hash.AppendData(BitConverter.GetBytes(text.Length));
                hash.AppendData(Encoding.UTF8.GetBytes(text));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        }
    }

    /// <summary>Reads one epoch; a failure is kept, not thrown.</summary>
    /// <param name="loader">The loader.</param>
    /// <param name="afterBatch">Runs while each batch is lent.</param>
    public static DeliveredEpoch Read(BatchLoader loader, Action? afterBatch = null)
    {
        var epoch = new DeliveredEpoch();
        try
        {
            foreach (var batch in loader)
            {
                for (var row = 0; row < batch.Count; row++)
                {
                    epoch._samples.Add((batch.GetValues<long>("id")[row], Encoding.UTF8.GetString(batch.GetRow("text", row))));
                }

                afterBatch?.Invoke();
            }
        }
        catch (Exception error)
        {
            epoch.Failure = error;
        }

        return epoch;
    }
}
