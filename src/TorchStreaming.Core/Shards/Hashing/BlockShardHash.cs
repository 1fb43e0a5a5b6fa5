// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>A hash that takes blocks of one size. It gathers what is appended into blocks and copies only their rests.</summary>
internal abstract class BlockShardHash : ShardHash
{
    private readonly byte[] _rest;
    private int _restLength;

    /// <summary>Creates the hash.</summary>
    /// <param name="name">Upstream's name.</param>
    /// <param name="blockLength">The number of bytes of a block.</param>
    protected BlockShardHash(string name, int blockLength)
    {
        Name = name;
        _rest = new byte[blockLength];
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Gets the number of bytes appended so far.</summary>
    protected ulong TotalLength { get; private set; }

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        TotalLength += (ulong)bytes.Length;
        if (bytes.Length <= _rest.Length - _restLength)
        {
            bytes.CopyTo(_rest.AsSpan(_restLength));
            _restLength += bytes.Length;
            return;
        }

        if (_restLength > 0)
        {
            var missing = _rest.Length - _restLength;
            bytes[..missing].CopyTo(_rest.AsSpan(_restLength));
            bytes = bytes[missing..];
            Process(_rest);
        }

        // The last block stays here even when it is full, since some hashes treat it differently.
        var whole = (bytes.Length - 1) / _rest.Length * _rest.Length;
        if (whole > 0)
        {
            Process(bytes[..whole]);
        }

        bytes[whole..].CopyTo(_rest);
        _restLength = bytes.Length - whole;
    }

    /// <inheritdoc/>
    public override string GetHexDigest() => Convert.ToHexStringLower(Finish(_rest.AsSpan(0, _restLength)));

    /// <summary>Takes whole blocks, none of which is the last.</summary>
    /// <param name="blocks">One or more blocks.</param>
    protected abstract void Process(ReadOnlySpan<byte> blocks);

    /// <summary>Ends the hash.</summary>
    /// <param name="rest">The last bytes: at most one block, nothing only if nothing was appended.</param>
    /// <returns>The digest.</returns>
    protected abstract byte[] Finish(ReadOnlySpan<byte> rest);
}
