"""HKDF-SHA-256 (RFC 5869) and labels of docs/spec/signatures.md."""

from __future__ import annotations

import hashlib
import hmac

from .common import u8, u16


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def extract(salt: bytes, material: bytes) -> bytes:
    return hmac_sha256(salt, material)


def expand(key: bytes, info: bytes, length: int) -> bytes:
    out, block = b'', b''
    for counter in range(1, -(-length // 32) + 1):
        block = hmac_sha256(key, block + info + u8(counter))
        out += block
    return out[:length]


def label(parts: list) -> bytes:
    raw = [part.encode('utf-8') if isinstance(part, str) else part for part in parts]
    return b''.join(u16(len(part)) + part for part in raw)
