"""Ed25519 (RFC 8032 section 5.1) over plain integers, with the strict verification rule of docs/spec/signatures.md.

Points are extended twisted Edwards coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, x*y = T/Z. Nothing here is
constant-time: it makes and judges test data, it must never hold a secret that matters.
"""

from __future__ import annotations

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def add(a: tuple, b: tuple) -> tuple:
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e1 = (y1 - x1) * (y2 - x2) % P
    e2 = (y1 + x1) * (y2 + x2) % P
    e3 = 2 * t1 * t2 * D % P
    e4 = 2 * z1 * z2 % P
    e, f, g, h = e2 - e1, e4 - e3, e4 + e3, e2 + e1
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def double(a: tuple) -> tuple:
    x, y, z, _ = a
    xx, yy, s = x * x, y * y, (x + y) ** 2
    h = xx + yy
    e, g = h - s, xx - yy
    f = 2 * z * z + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def negate(a: tuple) -> tuple:
    return (-a[0] % P, a[1], a[2], -a[3] % P)


def equal(a: tuple, b: tuple) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def multiply(scalar: int, point: tuple) -> tuple:
    total = IDENTITY
    while scalar > 0:
        if scalar & 1:
            total = add(total, point)
        point = double(point)
        scalar >>= 1
    return total


def recover_x(y: int, sign: int) -> int | None:
    """The x coordinate for a y below P, or None when there is none (or when x = 0 and the sign bit is set)."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * SQRT_M1 % P
    if (x * x - square) % P != 0:
        return None
    return P - x if x & 1 != sign else x


def encode(point: tuple) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, 'little')


def decode(data: bytes) -> tuple | None:
    """The point of a canonical encoding, or None."""
    number = int.from_bytes(data, 'little')
    y, sign = number & (2**255 - 1), number >> 255
    if len(data) != 32 or y >= P:
        return None
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def _base_table() -> list:
    table, power = [], BASE
    for _ in range(64):
        row = [IDENTITY]
        for _ in range(15):
            row.append(add(row[-1], power))
        table.append(row)
        power = add(row[-1], power)
    return table


_TABLE = _base_table()


def multiply_base(scalar: int) -> tuple:
    total = IDENTITY
    for row in _TABLE:
        total = add(total, row[scalar & 15])
        scalar >>= 4
    return total


def expand(seed: bytes) -> tuple:
    """The secret scalar and the prefix of RFC 8032 section 5.1.5."""
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], 'little') & (2**254 - 8) | 2**254
    return scalar, digest[32:]


_KEYS = {}


def public_key(seed: bytes) -> bytes:
    if seed not in _KEYS:
        _KEYS[seed] = encode(multiply_base(expand(seed)[0]))
    return _KEYS[seed]


def challenge(r: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), 'little') % L


def sign(seed: bytes, message: bytes) -> bytes:
    scalar, prefix = expand(seed)
    key = public_key(seed)
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), 'little') % L
    r = encode(multiply_base(nonce))
    return r + ((nonce + challenge(r, key, message) * scalar) % L).to_bytes(32, 'little')


def is_acceptable(data: bytes) -> bool:
    """Whether 32 bytes pass as a point by themselves: canonical, not of small order. They need not be a point."""
    y = int.from_bytes(data, 'little') & (2**255 - 1)
    return len(data) == 32 and y < P and y not in _small_y()


def is_good(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is valid by the one signature rule of docs/spec/signatures.md."""
    if len(signature) != 64 or not is_acceptable(key) or not is_acceptable(signature[:32]):
        return False
    s, point = int.from_bytes(signature[32:], 'little'), decode(key)
    if s >= L or point is None:
        return False
    k = challenge(signature[:32], key, message)
    return encode(add(multiply_base(s), negate(multiply(k, point)))) == signature[:32]


_SMALL_Y = set()


def _small_y() -> set:
    if not _SMALL_Y:
        _SMALL_Y.update(int.from_bytes(encode(point), 'little') & (2**255 - 1) for point in torsion())
    return _SMALL_Y


def torsion() -> list:
    """The eight points of small order, by order of multiples of one generator of order 8."""
    y = 2
    while True:
        x = recover_x(y, 0)
        if x is not None:
            point = multiply(L, (x, y, 1, x * y % P))
            if not equal(multiply(4, point), IDENTITY):
                break
        y += 1
    points = [IDENTITY]
    for _ in range(7):
        points.append(add(points[-1], point))
    return points
