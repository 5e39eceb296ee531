"""kdf.json: labels and HKDF-SHA-256 of docs/spec/signatures.md."""

from __future__ import annotations

import hashlib

from countersign.common import u8
from countersign.kdf import expand, extract, label

from ._render import fixed

LABELS = (
    ['ab', b'\x00', ''],
    ['countersign/channel/v1'],
    ['countersign/channel/v1', fixed('kdf ledger'), u8(1)],
    ['a', 'b'],
    ['ab', ''],
    ['', 'ab'],
    [b'ab'],
    [''],
    ['\u00e9\U0001f4dc', b'\xff' * 300],
)


def vectors() -> dict:
    # RFC 5869, test case 1.
    first = extract(bytes(range(13)), b'\x0b' * 22)
    assert first.hex() == '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5'
    assert expand(first, bytes(range(0xF0, 0xFA)), 42).hex().startswith('3cb25f25faacd57a90434f64d0362f2a')
    labels, derived = [], []
    for parts in LABELS:
        shown = [{'text': part} if isinstance(part, str) else {'bytes': part.hex()} for part in parts]
        labels.append({'parts': shown, 'label': label(parts).hex()})
    for number, length in enumerate((1, 16, 31, 32, 33, 64, 100, 8160)):
        salt, material, info = (
            fixed(f'salt {number}', 8 * number),
            fixed(f'material {number}'),
            LABELS[number],
        )
        key = extract(salt, material)
        out = expand(key, label(info), length)
        case = {'salt': salt.hex(), 'material': material.hex(), 'key': key.hex(), 'info': label(info).hex()}
        shown = {'out': out.hex()} if length < 1000 else {'outSha256': hashlib.sha256(out).hexdigest()}
        derived.append({**case, 'length': length, **shown})
    return {'spec': 'docs/spec/signatures.md', 'labels': labels, 'derived': derived}
