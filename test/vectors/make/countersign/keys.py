"""Keys from words, docs/spec/identities.md: BIP-39 seed, SLIP-0010 for ed25519, the path of a ledger and a role."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from . import ed25519, x25519
from .common import sha256, u8, u32

PURPOSE = 1129533489
ROLES = {'signing': 0, 'encryption': 1, 'acting': 2, 'recovery': 3}


def seed_of(words: str) -> bytes:
    """The BIP-39 seed of a mnemonic without passphrase."""
    text = unicodedata.normalize('NFKD', words).encode('utf-8')
    return hashlib.pbkdf2_hmac('sha512', text, b'mnemonic', 2048)


def derive(seed: bytes, path: list) -> bytes:
    """The 32 bytes at a path of hardened steps, given without the hardening bit."""
    digest = hmac.new(b'ed25519 seed', seed, hashlib.sha512).digest()
    for step in path:
        data = u8(0) + digest[:32] + u32(step | 2**31)
        digest = hmac.new(digest[32:], data, hashlib.sha512).digest()
    return digest[:32]


def path_of(ledger: bytes, role: str, index: int) -> list:
    bits = int.from_bytes(ledger, 'big') >> (256 - 124)
    parts = [bits >> shift & (2**31 - 1) for shift in (93, 62, 31, 0)]
    return [PURPOSE] + parts + [ROLES[role], index]


def secret_of(words: str, ledger: bytes, role: str, index: int = 0) -> bytes:
    return derive(seed_of(words), path_of(ledger, role, index))


def public_of(role: str, secret: bytes) -> bytes:
    return x25519.public_key(secret) if role == 'encryption' else ed25519.public_key(secret)


def recovery_commitment(key: bytes) -> bytes:
    return sha256(b'countersign/recovery/v1', key)


def status_tag(key: bytes) -> bytes:
    return sha256(b'countersign/key-status/v1', key)
