# SPDX-License-Identifier: MIT
"""Writes data sets with upstream's writers and describes what upstream's reader finds in any data set.

One request per line of standard input, one line of answer. Values are described as in the golden data.
Needs: pip install mosaicml-streaming
"""

import base64
import hashlib
import io
import json
import os
import sys
from decimal import Decimal

# Answers have a stream of their own: libraries print to the other one.
answers = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from streaming import CSVWriter, JSONWriter, MDSWriter, StreamingDataset, TSVWriter, XSVWriter  # noqa: E402

SAMPLES = 24
SIZE_LIMIT = 1 << 14

DTYPES = ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float16', 'float32', 'float64']

MDS_COLUMNS = {
    'bytes': 'bytes', 'str': 'str', 'int': 'int', 'json': 'json', 'pil': 'pil', 'png': 'png', 'jpeg': 'jpeg',
    'str_int': 'str_int', 'str_float': 'str_float', 'str_decimal': 'str_decimal',
    'jpegs': 'jpeg_array', 'jpeg_list': 'list[jpeg]', 'png_list': 'list[png]', 'pil_list': 'list[pil]',
    'array': 'ndarray', 'array_dtype': 'ndarray:uint16', 'array_shape': 'ndarray:float32:2,3',
    **{dtype: dtype for dtype in DTYPES},
}
TEXT_COLUMNS = {'number': 'int', 'real': 'float', 'text': 'str'}


def to_jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, format='JPEG')
    return file.getvalue()


def mds_sample(i: int, random: np.random.Generator) -> dict:
    words = 'naïve \u0000 “quotes” 日本語 🙂'.split(' ')
    pixels = random.integers(0, 256, (5 + i % 3, 4 + i % 5, 3)).astype(np.uint8)
    images = [Image.fromarray(np.roll(pixels, k), 'RGB') for k in range(1 + i % 3)]
    sample = {
        'bytes': random.bytes(i * 37),
        'str': ' '.join(words[: i % 6]) * (i % 4),
        'int': int(random.integers(-2**63, 2**63 - 1)),
        'json': {'list': [i, None, True, 1.5e300], 'text': words[i % 5], 'empty': {}},
        'pil': Image.fromarray(pixels, 'RGB'),
        'png': Image.fromarray(pixels[:, :, 0], 'L'),
        'jpeg': Image.fromarray(pixels, 'RGB'),
        'jpegs': [to_jpeg(image) for image in images],
        'jpeg_list': images,
        'png_list': images,
        'pil_list': images,
        'str_int': (-7) ** (3 * i),
        'str_float': float(random.normal()) * 10.0 ** (i - 12),
        'str_decimal': Decimal(-i).scaleb(-i) if i % 2 else Decimal('1.5E+30'),
        'array': random.integers(0, 100, (1 + i % 4, 3)).astype(DTYPES[i % len(DTYPES)]),
        'array_dtype': random.integers(0, 65536, (1 + i % 5,)).astype(np.uint16),
        'array_shape': random.normal(size=(2, 3)).astype(np.float32),
    }
    for dtype in DTYPES:
        numpy_type = np.dtype(dtype).type
        if np.issubdtype(numpy_type, np.integer):
            limits = np.iinfo(numpy_type)
            sample[dtype] = numpy_type([limits.min, limits.max, i][i % 3])
        else:
            sample[dtype] = numpy_type([np.inf, -0.0, random.normal()][i % 3])
    return sample


def text_sample(i: int, random: np.random.Generator) -> dict:
    return {'number': int(random.integers(-2**40, 2**40)), 'real': float(random.normal()), 'text': f'naïve 🙂 {i}' * (i % 3)}


def describe(value: object) -> dict:
    if isinstance(value, bytes):
        return {'t': 'bytes', 'sha256': hashlib.sha256(value).hexdigest(), 'b64': base64.b64encode(value).decode()}
    if isinstance(value, str):
        return {'t': 'str', 'v': value}
    if isinstance(value, np.ndarray):
        data = value.tobytes()
        return {'t': 'ndarray', 'dtype': value.dtype.name, 'shape': list(value.shape), 'sha256': hashlib.sha256(data).hexdigest(),
                'b64': base64.b64encode(data).decode()}
    if isinstance(value, np.floating):
        return {'t': value.dtype.name, 'bits': value.tobytes()[::-1].hex()}
    if isinstance(value, np.integer):
        return {'t': value.dtype.name, 'v': str(int(value))}
    if isinstance(value, float):
        return {'t': 'float', 'bits': np.float64(value).tobytes()[::-1].hex()}
    if isinstance(value, int):
        return {'t': 'int', 'v': str(value)}
    if isinstance(value, Decimal):
        return {'t': 'decimal', 'v': str(value)}
    if isinstance(value, Image.Image):
        return {'t': 'image', 'mode': value.mode, 'size': list(value.size), 'pixels_sha256': hashlib.sha256(value.tobytes()).hexdigest()}
    if isinstance(value, list) and all(isinstance(item, Image.Image) for item in value):
        return {'t': 'list', 'v': [describe(item) for item in value]}
    return {'t': 'json', 'text': json.dumps(value)}


def write(folder: str, form: str, compression: str, hashes: str) -> str:
    """Writes a data set."""
    options = {
        'out': folder, 'compression': compression or None, 'hashes': hashes.split(',') if hashes else None, 'size_limit': SIZE_LIMIT,
    }
    writers = {
        'mds': lambda: MDSWriter(columns=MDS_COLUMNS, **options),
        'json': lambda: JSONWriter(columns=TEXT_COLUMNS, **options),
        'csv': lambda: CSVWriter(columns=TEXT_COLUMNS, **options),
        'tsv': lambda: TSVWriter(columns=TEXT_COLUMNS, **options),
        'xsv': lambda: XSVWriter(columns=TEXT_COLUMNS, separator='::', **options),
    }
    random = np.random.default_rng(7)
    with writers[form]() as writer:
        for i in range(SAMPLES):
            writer.write(mds_sample(i, random) if form == 'mds' else text_sample(i, random))
    return str(SAMPLES)


def read(folder: str, local: str, output: str, check: str) -> str:
    """Describes every value of a data set, with every file checked against one of its hashes."""
    dataset = StreamingDataset(remote=folder, local=local, validate_hash=check or None, shuffle=False, batch_size=1)
    samples = [{name: describe(value) for name, value in dataset[i].items()} for i in range(len(dataset))]
    with open(output, 'w', encoding='utf-8') as file:
        json.dump(samples, file)
    return str(len(samples))


requests = {'write': write, 'read': read}


def main() -> None:
    print('ready', file=answers, flush=True)
    for line in sys.stdin:
        name, *arguments = line.rstrip('\n').split('\t')
        try:
            print(requests[name](*arguments), file=answers, flush=True)
        except Exception as error:
            print('error:', repr(error).replace('\n', ' '), file=answers, flush=True)


main()
