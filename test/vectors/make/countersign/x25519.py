"""X25519 (RFC 7748 section 5) over plain integers."""

from __future__ import annotations

P = 2**255 - 19
BASE = (9).to_bytes(32, 'little')


def x25519(scalar: bytes, u: bytes) -> bytes:
    """The shared secret; 32 zero bytes when the point has small order (the caller refuses that)."""
    k = int.from_bytes(scalar, 'little') & (2**254 - 8) | 2**254
    x1 = (int.from_bytes(u, 'little') & (2**255 - 1)) % P
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, 'little')


def public_key(scalar: bytes) -> bytes:
    return x25519(scalar, BASE)


def is_small(u: bytes) -> bool:
    """Whether this key gives an all-zero secret with any private key (every private key is a multiple of 8)."""
    return not any(x25519(bytes(32), u))
