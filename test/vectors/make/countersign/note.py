"""Signed notes, checkpoints, cosignatures, policies and log proofs: docs/spec/notes.md over the C2SP documents."""

from __future__ import annotations

import re

from . import ed25519
from .common import MAX_INTEGER, MAX_TIME, Refused, b64, is_origin, sha256, u8, u64, unb64, unhex

MAX_NOTE = 1048576
MAX_SIGNATURES = 64
LOG, COSIGNER = 1, 4

# The characters that Unicode 16 gives the property White_Space.
_SPACES = {
    0x20,
    0x85,
    0xA0,
    0x1680,
    0x2028,
    0x2029,
    0x202F,
    0x205F,
    0x3000,
    *range(0x09, 0x0E),
    *range(0x2000, 0x200B),
}


def decimal(text: str, high: int) -> int | None:
    """A whole number in decimal digits without leading zeros, at most `high`, or None."""
    if not re.fullmatch(r'0|[1-9][0-9]{0,18}', text, re.ASCII) or int(text) > high:
        return None
    return int(text)


def has_space(text: str) -> bool:
    return any(ord(char) in _SPACES for char in text)


def is_key_name(text: str) -> bool:
    return text != '' and '+' not in text and not has_space(text) and min(text) >= ' '


class Key:
    """A verifier key."""

    def __init__(self, name: str, kind: int, key: bytes):
        self.name, self.type, self.key = name, kind, key

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode('utf-8'), b'\n', u8(self.type), self.key)[:4]

    @property
    def vkey(self) -> str:
        return '%s+%s+%s' % (self.name, self.id.hex(), b64(u8(self.type) + self.key))


class Signer(Key):
    """A key with its seed."""

    def __init__(self, name: str, kind: int, seed: bytes):
        super().__init__(name, kind, ed25519.public_key(seed))
        self.seed = seed

    def line(self, text: str, time: int | None = None) -> str:
        data = text.encode('utf-8')
        if self.type == COSIGNER:
            stamp = b'cosignature/v1\ntime %d\n' % time
            signature = u64(time) + ed25519.sign(self.seed, stamp + data)
        else:
            signature = ed25519.sign(self.seed, data)
        return signature_line(self.name, self.id + signature)


def signature_line(name: str, blob: bytes) -> str:
    return '\u2014 %s %s\n' % (name, b64(blob))


def sign(text: str, *lines: str) -> bytes:
    return (text + '\n' + ''.join(lines)).encode('utf-8')


def parse_vkey(text: object) -> Key:
    if not isinstance(text, str):
        raise Refused('note-key-malformed')
    parts = text.split('+', 2)
    if len(parts) != 3 or not is_key_name(parts[0]):
        raise Refused('note-key-malformed')
    name, key_id, material = parts[0], unhex(parts[1], 4), unb64(parts[2])
    if key_id is None or material is None or not material:
        raise Refused('note-key-malformed')
    if material[0] not in (LOG, COSIGNER):
        raise Refused('note-key-type')
    if len(material) != 33:
        raise Refused('note-key-malformed')
    key = Key(name, material[0], material[1:])
    if key.id != key_id:
        raise Refused('note-key-id')
    return key


def parse(data: bytes) -> tuple:
    """Text and signatures (name, key id, rest) of a note; nothing is verified."""
    if len(data) > MAX_NOTE:
        raise Refused('note-too-long')
    try:
        note = data.decode('utf-8', 'strict')
    except UnicodeDecodeError:
        raise Refused('note-malformed') from None
    if any(char < ' ' and char != '\n' for char in note):
        raise Refused('note-control-character')
    at = note.rfind('\n\n')
    if at < 0 or not note.endswith('\n') or at + 2 == len(note):
        raise Refused('note-malformed')
    lines = note[at + 2 : -1].split('\n')
    if len(lines) > MAX_SIGNATURES:
        raise Refused('note-too-many-signatures')
    return note[: at + 1], [_signature(line) for line in lines]


def _signature(line: str) -> tuple:
    parts = line.split(' ')
    blob = unb64(parts[2]) if len(parts) == 3 else None
    if blob is None or parts[0] != '\u2014' or not is_key_name(parts[1]) or len(blob) < 5:
        raise Refused('note-signature-line')
    return parts[1], blob[:4], blob[4:]


def _check(key: Key, text: str, blob: bytes) -> int | None:
    """The time of a cosignature, or None for a plain signature."""
    data, time = text.encode('utf-8'), None
    if key.type == COSIGNER:
        if len(blob) != 72:
            raise Refused('note-signature-refused')
        time = int.from_bytes(blob[:8], 'big')
        if time > MAX_TIME:
            raise Refused('note-signature-refused')
        data, blob = b'cosignature/v1\ntime %d\n' % time + data, blob[8:]
    if not ed25519.is_good(key.key, data, blob):
        raise Refused('note-signature-refused')
    return time


def open_note(data: bytes, known: list) -> tuple:
    """Text and verified signatures (key, time or None) of a note."""
    text, signatures = parse(data)
    found = {}
    for name, key_id, blob in signatures:
        for key in known:
            if key.name == name and key.id == key_id:
                time = _check(key, text, blob)
                earlier = found[key.vkey][1] if key.vkey in found else None
                found[key.vkey] = (key, time if earlier is None else max(time, earlier))
    if not found:
        raise Refused('note-unsigned')
    return text, list(found.values())


def checkpoint_text(origin: str, size: int, root: bytes, extensions: tuple = ()) -> str:
    return ''.join('%s\n' % line for line in (origin, size, b64(root), *extensions))


def parse_checkpoint(text: str, of_ledger: bool = False) -> dict:
    lines = text.split('\n')[:-1]
    if len(lines) < 3 or '' in lines:
        raise Refused('checkpoint-malformed')
    origin, size, root = lines[0], decimal(lines[1], MAX_INTEGER), unb64(lines[2])
    if size is None:
        raise Refused('checkpoint-size')
    if root is None or len(root) != 32:
        raise Refused('checkpoint-root')
    if of_ledger and not is_origin(origin):
        raise Refused('checkpoint-malformed')
    if of_ledger and lines[3:]:
        raise Refused('checkpoint-extension')
    return {'origin': origin, 'size': size, 'root': root, 'extensions': lines[3:]}


def open_checkpoint(data: bytes, logs: list, others: list = (), of_ledger: bool = False) -> tuple:
    """A checkpoint of one of these logs, with its verified signatures as of `open_note`."""
    text, found = open_note(data, [*logs, *others])
    checkpoint = parse_checkpoint(text, of_ledger)
    signers = [key for key, _ in found if key in logs]
    if not signers:
        raise Refused('checkpoint-not-by-log')
    if all(key.name != checkpoint['origin'] for key in signers):
        raise Refused('checkpoint-origin')
    return checkpoint, found


def open_ledger_checkpoint(data: bytes, log: Key) -> dict:
    return open_checkpoint(data, [log], (), True)[0]
