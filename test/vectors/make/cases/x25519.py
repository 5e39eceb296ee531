"""x25519.json: key agreement, and public keys that make the secret known to everyone."""

from __future__ import annotations

from countersign import x25519 as x

from ._render import fixed

# RFC 7748 section 5.2: scalar, u, result.
RFC7748 = (
    (
        'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
        'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
        'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    ),
    (
        '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
        'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
        '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
    ),
)


def vectors() -> dict:
    agreements, refused = [], []
    for number, (secret, key, shared) in enumerate(RFC7748, 1):
        assert x.x25519(bytes.fromhex(secret), bytes.fromhex(key)).hex() == shared
        agreements.append(
            {'name': f'RFC 7748 section 5.2, vector {number}', 'secret': secret, 'key': key, 'shared': shared}
        )
    # RFC 7748 section 5.2: the result after 1, and after 1000, rounds of k, u = X25519(k, u), k.
    k = u = x.BASE
    for count in range(1000):
        k, u = x.x25519(k, u), k
        if count == 0:
            assert k.hex() == '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079'
    assert k.hex() == '684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51'
    for number in range(12):
        secret, other = fixed(f'x25519 secret {number}'), fixed(f'x25519 other {number}')
        key = x.public_key(other)
        shared = x.x25519(secret, key)
        assert shared == x.x25519(other, x.public_key(secret))
        case = {'name': f'pair {number}', 'secret': secret.hex(), 'public': x.public_key(secret).hex()}
        agreements.append({**case, 'key': key.hex(), 'shared': shared.hex()})
        if number < 4:
            high = bytearray(key)
            high[31] |= 128
            case = {
                **case,
                'name': f'pair {number}, the unused top bit of the key set',
                'key': bytes(high).hex(),
            }
            agreements.append({**case, 'shared': shared.hex()})
    for u in (2, x.P + 9, x.P + 18, x.P - 2):
        data = u.to_bytes(32, 'little')
        secret = fixed('x25519 odd keys')
        shared = x.x25519(secret, data)
        assert any(shared)
        case = {'name': f'u = {u:#x}', 'secret': secret.hex(), 'public': x.public_key(secret).hex()}
        agreements.append({**case, 'key': data.hex(), 'shared': shared.hex()})
    for u in small_u():
        for bit in (0, 1):
            data = (u | bit << 255).to_bytes(32, 'little')
            secret = fixed('x25519 small keys')
            assert not any(x.x25519(secret, data))
            name = f'u = {u:#x}' + (' with the top bit set' if bit else '')
            refused.append(
                {'name': name, 'secret': secret.hex(), 'key': data.hex(), 'code': 'signature-agreement-zero'}
            )
    return {'spec': 'docs/spec/signatures.md', 'agreements': agreements, 'refused': refused}


def small_u() -> list:
    """Every u below 2^255 that gives an all-zero secret: the points of small order of the curve and of its twist.

    u = 0 has order 2, u = 1 order 4 on the curve, u = -1 order 4 on the twist; order 8 is where doubling gives 1.
    """
    found = [0, 1, x.P - 1, *_order_eight()]
    return sorted(u + add for u in found for add in (0, x.P) if u + add < 2**255)


def _square_root(value: int) -> int | None:
    root = pow(value, (x.P + 3) // 8, x.P)
    for candidate in (root, root * pow(2, (x.P - 1) // 4, x.P) % x.P):
        if candidate * candidate % x.P == value % x.P:
            return candidate
    return None


def _order_eight() -> list:
    """The solutions of (u^2 - 1)^2 = 4 u (u^2 + A u + 1): with w = u + 1/u it is w^2 - 4 w - 4 - 4 A = 0."""
    half_inverse, found = pow(2, x.P - 2, x.P), set()
    half = _square_root(8 + 4 * 486662)
    for w in () if half is None else (2 + half, 2 - half):
        root = _square_root(w * w - 4)
        if root is not None:
            found |= {(w + root) * half_inverse % x.P, (w - root) * half_inverse % x.P}
    return sorted(found)
