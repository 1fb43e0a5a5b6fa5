// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace TorchStreaming.Ordering;

/// <summary>Makes the fingerprint of an order and compares it with that of a state.</summary>
internal sealed class OrderFingerprintSource
{
    private const int DigestBytes = 8;
    private readonly OrderOptions _options;
    private readonly OrderFingerprint _withoutOptions;
    private readonly string _weights;

    public OrderFingerprintSource(OrderOptions options, Spanner spanner)
    {
        _options = options;
        _withoutOptions = new OrderFingerprint(spanner.SampleCount, spanner.ShardCount, DigestOf(spanner), string.Empty);
        _weights = DescribeWeights(options);
    }

    public OrderFingerprint Get(long blockSize) => _withoutOptions with { Options = Describe(blockSize) };

    /// <exception cref="ResumeException">The state was taken from another dataset or with other options.</exception>
    public void RequireMatch(LoaderState state, long blockSize)
    {
        if (state.Fingerprint is not { } saved)
        {
            return;
        }

        var current = Get(blockSize);
        if (saved.Samples != current.Samples || saved.Shards != current.Shards || saved.Sizes != current.Sizes)
        {
            throw new ResumeException(
                $"The state was taken from another dataset: it had {saved.Samples} samples in {saved.Shards} shards (digest "
                + $"{saved.Sizes}), this one has {current.Samples} samples in {current.Shards} shards (digest {current.Sizes}).");
        }

        if (saved.Options != current.Options)
        {
            throw new ResumeException(
                $"The state was taken with other options, so the order would not continue: they were '{saved.Options}', they are "
                + $"'{current.Options}'.");
        }
    }

    private static string DescribeWeights(OrderOptions options)
    {
        var text = new StringBuilder();
        foreach (var stream in options.Streams)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{stream.ShardSizes.Length}:{stream.Proportion:R}:{stream.Repeat:R}:{stream.Choose};");
        }

        return DigestOf(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Makes a digest of all shard sizes.</summary>
    internal static string DigestOf(Spanner spanner)
    {
        if (BitConverter.IsLittleEndian)
        {
            return DigestOf(MemoryMarshal.AsBytes(spanner.Offsets));
        }

        var bytes = new byte[spanner.Offsets.Length * sizeof(long)];
        for (var i = 0; i < spanner.Offsets.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), spanner.Offsets[i]);
        }

        return DigestOf(bytes);
    }

    private static string DigestOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, DigestBytes));

    private string Describe(long blockSize)
    {
        var shuffle = _options.Shuffle ? _options.ShuffleAlgorithm.ToName() : "none";
        var usesBlocks = _options.Shuffle
            && _options.ShuffleAlgorithm is ShuffleAlgorithm.Py1E or ShuffleAlgorithm.Py1BR or ShuffleAlgorithm.Py1B;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"shuffle={shuffle} block={(usesBlocks ? blockSize : 0)} partition={_options.PartitionAlgorithm.ToName()} "
            + $"batching={_options.BatchingMethod.ToName()} sampling={_options.SamplingMethod.ToName()}/{_options.SamplingGranularity} "
            + $"epoch_size={_options.EpochSize ?? 0} replication={_options.Replication ?? 1} weights={_weights}");
    }
}
