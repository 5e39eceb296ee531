"""NaCl's secretbox, XSalsa20-Poly1305: the 16 bytes of the authenticator, then the encrypted bytes."""

from __future__ import annotations

import hmac
import struct

_SIGMA = struct.unpack('<4I', b'expand 32-byte k')
_MASK = 0xFFFFFFFF
_PRIME = 2**130 - 5


def _rounds(state: list) -> list:
    x = list(state)
    quarters = (
        (0, 4, 8, 12),
        (5, 9, 13, 1),
        (10, 14, 2, 6),
        (15, 3, 7, 11),
        (0, 1, 2, 3),
        (5, 6, 7, 4),
        (10, 11, 8, 9),
        (15, 12, 13, 14),
    )
    for _ in range(10):
        for a, b, c, d in quarters:
            t = (x[a] + x[d]) & _MASK
            x[b] ^= (t << 7 | t >> 25) & _MASK
            t = (x[b] + x[a]) & _MASK
            x[c] ^= (t << 9 | t >> 23) & _MASK
            t = (x[c] + x[b]) & _MASK
            x[d] ^= (t << 13 | t >> 19) & _MASK
            t = (x[d] + x[c]) & _MASK
            x[a] ^= (t << 18 | t >> 14) & _MASK
    return x


def _state(key: bytes, middle: bytes) -> list:
    k, n = struct.unpack('<8I', key), struct.unpack('<4I', middle)
    return [_SIGMA[0], *k[:4], _SIGMA[1], *n, _SIGMA[2], *k[4:], _SIGMA[3]]


def _hsalsa20(key: bytes, middle: bytes) -> bytes:
    x = _rounds(_state(key, middle))
    return struct.pack('<8I', *(x[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


def key_stream(key: bytes, nonce: bytes, length: int) -> bytes:
    """XSalsa20."""
    inner, out = _hsalsa20(key, nonce[:16]), []
    for block in range(-(-length // 64)):
        state = _state(inner, nonce[16:] + struct.pack('<Q', block))
        mixed = _rounds(state)
        out.append(struct.pack('<16I', *((a + b) & _MASK for a, b in zip(state, mixed))))
    return b''.join(out)[:length]


def poly1305(key: bytes, data: bytes) -> bytes:
    r = int.from_bytes(key[:16], 'little') & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(data), 16):
        total = (total + int.from_bytes(data[at : at + 16] + b'\x01', 'little')) * r % _PRIME
    return ((total + int.from_bytes(key[16:32], 'little')) % 2**128).to_bytes(16, 'little')


def _xor(a: bytes, b: bytes) -> bytes:
    return (int.from_bytes(a, 'big') ^ int.from_bytes(b, 'big')).to_bytes(len(a), 'big')


def seal(key: bytes, nonce: bytes, plain: bytes) -> bytes:
    stream = key_stream(key, nonce, 32 + len(plain))
    sealed = _xor(plain, stream[32:])
    return poly1305(stream[:32], sealed) + sealed


def open_box(key: bytes, nonce: bytes, box: bytes) -> bytes | None:
    """The plaintext, or None."""
    if len(box) < 16:
        return None
    authenticator = poly1305(key_stream(key, nonce, 32), box[16:])
    if not hmac.compare_digest(authenticator, box[:16]):
        return None
    return _xor(box[16:], key_stream(key, nonce, 32 + len(box) - 16)[32:])
