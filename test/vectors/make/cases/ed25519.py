"""A second opinion on ed25519.json, which ed25519_cases.py writes with curve arithmetic of its own."""

from __future__ import annotations

import json
import pathlib

from countersign import ed25519

# RFC 8032 section 7.1, tests 1 to 3: seed, public key, message, signature.
RFC8032 = (
    (
        '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
        'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        '',
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b'
        'd25bf5f0595bbe24655141438e7a100b',
    ),
    (
        '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
        '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        '72',
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c'
        '387b2eaeb4302aeeb00d291612bb0c00',
    ),
    (
        'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
        'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
        'af82',
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659'
        '4a7c15e9716ed28dc027beceea1ec40a',
    ),
)


def disagreements(folder: pathlib.Path) -> list:
    """What this arithmetic says otherwise than the file, or than RFC 8032."""
    found = []
    for number, parts in enumerate(RFC8032, 1):
        seed, key, message, signature = map(bytes.fromhex, parts)
        if (ed25519.public_key(seed), ed25519.sign(seed, message)) != (key, signature):
            found.append(f'RFC 8032 test {number}')
    vectors = json.loads((folder / 'ed25519.json').read_text('ascii'))
    for case in vectors['cases']:
        key, message, signature = (
            bytes.fromhex(case[name]) for name in ('publicKey', 'message', 'signature')
        )
        s = int.from_bytes(signature[32:], 'little')
        checked = len(signature) == 64 and s < ed25519.L
        checked = checked and ed25519.is_acceptable(key) and ed25519.is_acceptable(signature[:32])
        if checked != case['preChecks'] or ed25519.is_good(key, message, signature) != case['valid']:
            found.append('ed25519.json: ' + case['name'])
        if 'seed' in case and ed25519.sign(bytes.fromhex(case['seed']), message) != signature:
            found.append('ed25519.json, signing: ' + case['name'])
    for case in vectors['large']:
        message = _large(case['start'], case['length'], case['mask'])
        key, signature = bytes.fromhex(case['publicKey']), bytes.fromhex(case['signature'])
        if ed25519.is_good(key, message, signature) != case['valid']:
            found.append('ed25519.json: ' + case['name'])
        if 'seed' in case and ed25519.sign(bytes.fromhex(case['seed']), message) != signature:
            found.append('ed25519.json, signing: ' + case['name'])
    return found


def _large(start: int, length: int, mask: int) -> bytes:
    """A message of the group `large`, by the formula of the specification."""
    numbers = [start]
    for _ in range(length):
        numbers.append((1664525 * numbers[-1] + 1013904223) % 2**32)
    message = [number >> 24 for number in numbers[1:]]
    return bytes([*message[:-1], message[-1] ^ mask])
