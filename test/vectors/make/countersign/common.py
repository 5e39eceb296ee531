"""Encodings of docs/spec/encodings.md: integers, hexadecimal, base64, and the one exception for refusals."""

from __future__ import annotations

import base64
import hashlib
import re

MAX_INTEGER = 2**53 - 1
MAX_TIME = 253402300799
NONE_HEIGHT = 2**64 - 1


class Refused(Exception):
    """Foreign input that the specification does not allow, with the code that the specification names."""

    def __init__(self, code: str, detail: str = ''):
        super().__init__(code + (': ' + detail if detail else ''))
        self.code = code


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b''.join(parts)).digest()


def u8(value: int) -> bytes:
    return value.to_bytes(1, 'big')


def u16(value: int) -> bytes:
    return value.to_bytes(2, 'big')


def u32(value: int) -> bytes:
    return value.to_bytes(4, 'big')


def u64(value: int) -> bytes:
    return value.to_bytes(8, 'big')


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode('ascii')


def unb64(text: object) -> bytes | None:
    """Base64 in the one form that encoding writes, or None."""
    if not isinstance(text, str) or not re.fullmatch(
        r'(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={1,2})?', text
    ):
        return None
    if len(text) % 4 != 0:
        return None
    data = base64.b64decode(text)
    return data if b64(data) == text else None


def unhex(text: object, length: int) -> bytes | None:
    """Lower-case hexadecimal of exactly this many bytes, or None."""
    if not isinstance(text, str) or not re.fullmatch(r'[0-9a-f]*', text, re.ASCII) or len(text) != 2 * length:
        return None
    return bytes.fromhex(text)


def is_integer(value: object, low: int = 0, high: int = MAX_INTEGER) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def is_origin(value: object) -> bool:
    """Whether a text may be the origin of a ledger."""
    return isinstance(value, str) and re.fullmatch(r'[A-Za-z0-9._~/:-]{1,255}', value, re.ASCII) is not None


def _points(text: str) -> set:
    points = set()
    for run in text.split():
        first, _, last = run.partition('-')
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


_REFUSED = _points(
    """
    0000-001F 007F-009F 00AD 034F 0600-0605 061C 06DD 070F 0890-0891 08E2 115F-1160 17B4-17B5
    180B-180F 200B-200F 2028-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 FFF0-FFFB
    110BD 110CD 13430-1343F 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF
    """
)
_JOINED = _points('0620-06FF 0750-077F 0870-08FF 0900-0DFF')
_UNSEEN = _points('0020 00A0 1680 2000-200A 202F 205F 2800 3000')


def is_plain_text(value: object, longest: int) -> bool:
    """A text for people of 1 to `longest` code points."""
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        return False
    points = [ord(char) for char in value]
    for at, point in enumerate(points):
        neighbours = points[max(0, at - 1) : at] + points[at + 1 : at + 2]
        joins = point in (0x200C, 0x200D) and len(neighbours) == 2 and set(neighbours) <= _JOINED
        if point in _REFUSED and not joins:
            return False
    return not set(points) <= _UNSEEN


class Bytes:
    """Reads a byte string from its start; running out is refused with the given code."""

    def __init__(self, data: bytes, truncated: str):
        self.data, self.at, self.truncated = data, 0, truncated

    def take(self, count: int) -> bytes:
        if len(self.data) - self.at < count:
            raise Refused(self.truncated)
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), 'big')

    @property
    def left(self) -> int:
        return len(self.data) - self.at
