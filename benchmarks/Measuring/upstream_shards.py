# SPDX-License-Identifier: MIT
"""Measures upstream's writer, loader and random access: one request per line of standard input, one line of numbers for each.

Needs: pip install mosaicml-streaming
"""

import os
import shutil
import sys
import time

# Answers have a stream of their own: libraries print to the other one.
answers = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)

import numpy as np  # noqa: E402
from streaming import LocalDataset, MDSWriter, StreamingDataset  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

BLOB = 110_000


def write(kind: str, out: str, count: str, compression: str, hashes: str, texts: str) -> str:
    """Rate of the writer: raw MB/s and samples/s."""
    samples = int(count)
    if kind == 'bytes':
        blobs = [np.random.default_rng(i).bytes(BLOB) for i in range(64)]
        columns, rows, size = {'x': 'bytes'}, [{'x': blobs[i % 64]} for i in range(samples)], BLOB
    elif kind == 'small':
        columns, rows, size = {'a': 'int', 'b': 'float64'}, [{'a': i, 'b': float(i)} for i in range(samples)], 16
    else:
        with open(texts, encoding='utf-8') as file:
            lines = [line.rstrip('\n') for line in file]
        columns, rows = {'x': 'str'}, [{'x': lines[i % len(lines)]} for i in range(samples)]
        size = sum(len(row['x'].encode('utf-8')) for row in rows) / samples
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    with MDSWriter(out=out, columns=columns, compression=compression or None, hashes=hashes.split(',') if hashes else None) as writer:
        for row in rows:
            writer.write(row)
    rate = samples / (time.perf_counter() - start)
    shutil.rmtree(out)
    return f'{rate * size / 1e6} {rate}'


def read(local: str, shuffle: str, workers: str, seconds: str) -> str:
    """Samples per second of the loader with batches of 256, from its first batch on."""
    dataset = StreamingDataset(local=local, shuffle=shuffle == 'shuffled', batch_size=256)
    loader = DataLoader(dataset, batch_size=256, num_workers=int(workers))
    samples, start, end = 0, 0.0, float('inf')
    batches = iter(loader)
    for batch in batches:
        now = time.perf_counter()
        if not start:
            start, end = now, now + float(seconds)
            continue
        samples += len(next(iter(batch.values())))
        if now >= end:
            break
    rate = samples / (time.perf_counter() - start)
    del batches, loader, dataset
    return str(rate)


def get(local: str, count: str) -> str:
    """Median and 99th percentile of a random access, in microseconds."""
    dataset = LocalDataset(local)
    ids = np.random.default_rng(1).integers(0, len(dataset), int(count))
    times = np.empty(len(ids))
    for i, sample in enumerate(ids.tolist()):
        start = time.perf_counter()
        dataset[sample]
        times[i] = time.perf_counter() - start
    return f'{np.percentile(times, 50) * 1e6} {np.percentile(times, 99) * 1e6}'


def resident() -> float:
    with open('/proc/self/statm', encoding='ascii') as file:
        return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')


def open_index(remote: str, local: str) -> str:
    """Milliseconds to open a data set, and the bytes of memory that it takes."""
    before = resident()
    start = time.perf_counter()
    dataset = StreamingDataset(remote=remote, local=local, shuffle=False, batch_size=1)
    elapsed = time.perf_counter() - start
    taken = resident() - before
    del dataset
    return f'{elapsed * 1e3} {taken}'


requests = {'write': write, 'read': read, 'get': get, 'open': open_index}


def main() -> None:
    print('ready', file=answers, flush=True)
    for line in sys.stdin:
        name, *arguments = line.rstrip('\n').split('\t')
        try:
            print(requests[name](*arguments), file=answers, flush=True)
        except Exception as error:
            print('error:', repr(error).replace('\n', ' '), file=answers, flush=True)


main()
