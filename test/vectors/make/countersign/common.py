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


def has_control(text: str) -> bool:
    """Whether the text has a control character: U+0000 to U+001F, or U+007F to U+009F."""
    return any(ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F for char in text)


_HIDING = {0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)}


def is_plain_text(value: object, longest: int) -> bool:
    """A text for people of 1 to `longest` code points."""
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        return False
    return not has_control(value) and not any(ord(char) in _HIDING for char in value)


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
