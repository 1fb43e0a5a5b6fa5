# SPDX-License-Identifier: MIT
"""Plans one epoch with upstream's own functions and prints one row of the ordering benchmark.

usage: python3 upstream_order.py <samples> <shard size> <algorithm>
Needs: pip install mosaicml-streaming
"""

import resource
import sys
import time

import numpy as np
from streaming.base.partition import get_partitions
from streaming.base.shuffle import get_shuffle


def main() -> None:
    samples, shard_size, algorithm = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    shards = [shard_size] * (samples // shard_size) + ([samples % shard_size] if samples % shard_size else [])
    sizes = np.array(shards, np.int64)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    positions = get_partitions('relaxed', samples, 1, 1, 1, 1, 256, 0, None)
    shuffled = get_shuffle(algorithm, sizes, 1, 9176, 1, max(4_000_000, 1 << 18))
    np.where(positions == -1, -1, shuffled[positions])
    elapsed = (time.perf_counter() - start) * 1e3
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    # Upstream plans the whole epoch anew to resume, so both take the same time.
    print(f'| {samples} | {algorithm}, upstream | | {elapsed:.2f} | {elapsed:.2f} | | {peak:.1f} |')


main()
