"""Canonical JSON of docs/spec/encodings.md: a reader that accepts one form and a writer that makes it."""

from __future__ import annotations

import re

from .common import MAX_INTEGER, Refused

MAX_DEPTH = 16
_SHORT = {0x08: 'b', 0x09: 't', 0x0A: 'n', 0x0C: 'f', 0x0D: 'r', 0x22: '"', 0x5C: '\\'}
_LONG = {c: 'u%04x' % c for c in range(0x20) if c not in _SHORT}
_ESCAPES = {**_SHORT, **_LONG}
_ESCAPED = {escape: chr(point) for point, escape in _ESCAPES.items()}
_WORDS = {'true': True, 'false': False, 'null': None}


def order(name: str) -> bytes:
    """The sort key of a member's name: its UTF-16 code units."""
    return name.encode('utf-16-be')


def write(value: object) -> bytes:
    return _text(value).encode('utf-8')


def _text(value: object) -> str:
    if value is None:
        return 'null'
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError('integer out of range')
        return str(value)
    if isinstance(value, str):
        return '"' + ''.join('\\' + _ESCAPES[ord(c)] if ord(c) in _ESCAPES else c for c in value) + '"'
    if isinstance(value, list):
        return '[' + ','.join(_text(item) for item in value) + ']'
    if isinstance(value, dict):
        return (
            '{' + ','.join(_text(name) + ':' + _text(value[name]) for name in sorted(value, key=order)) + '}'
        )
    raise TypeError(type(value))


def read(data: bytes, limit: int) -> object:
    if len(data) > limit:
        raise Refused('json-too-long')
    try:
        text = data.decode('utf-8', 'strict')
    except UnicodeDecodeError:
        raise Refused('json-not-utf8') from None
    if text.startswith('\ufeff'):
        raise Refused('json-not-utf8')
    reader = _Reader(text)
    value = reader.value(0)
    if reader.at != len(text):
        raise Refused('json-syntax')
    return value


class _Reader:
    def __init__(self, text: str):
        self.text, self.at = text, 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def expect(self, char: str) -> None:
        if self.peek() != char:
            raise Refused('json-syntax')
        self.at += 1

    def value(self, depth: int) -> object:
        char = self.peek()
        if char in ('[', '{') and char:
            if depth == MAX_DEPTH:
                raise Refused('json-too-deep')
            self.at += 1
            return self.array(depth + 1) if char == '[' else self.object(depth + 1)
        if char == '"':
            return self.string()
        if char == '-' or '0' <= char <= '9':
            return self.integer()
        for word, value in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        raise Refused('json-syntax')

    def array(self, depth: int) -> list:
        items = []
        if self.peek() == ']':
            self.at += 1
            return items
        while True:
            items.append(self.value(depth))
            if self.peek() != ',':
                self.expect(']')
                return items
            self.at += 1

    def object(self, depth: int) -> dict:
        members, last = {}, None
        if self.peek() == '}':
            self.at += 1
            return members
        while True:
            name = self.string()
            if last is not None and name == last:
                raise Refused('json-duplicate-name')
            if last is not None and order(name) < order(last):
                raise Refused('json-unsorted')
            last = name
            self.expect(':')
            members[name] = self.value(depth)
            if self.peek() != ',':
                self.expect('}')
                return members
            self.at += 1

    def string(self) -> str:
        self.expect('"')
        chars = []
        while True:
            char = self.peek()
            if char == '':
                raise Refused('json-syntax')
            self.at += 1
            if char == '"':
                return ''.join(chars)
            if char < ' ':
                raise Refused('json-string')
            chars.append(self.escape() if char == '\\' else char)

    def escape(self) -> str:
        letter = self.peek()
        escape = self.text[self.at : self.at + 5] if letter == 'u' else letter
        if len(escape) < (5 if letter == 'u' else 1):
            raise Refused('json-syntax')
        if escape not in _ESCAPED:
            raise Refused('json-string')
        self.at += len(escape)
        return _ESCAPED[escape]

    def integer(self) -> int:
        run = re.compile(r'[-+.0-9eE]*', re.ASCII).match(self.text, self.at).group()
        if (
            not re.fullmatch(r'0|-?[1-9][0-9]*', run, re.ASCII)
            or len(run) > 17
            or abs(int(run)) > MAX_INTEGER
        ):
            raise Refused('json-number')
        self.at += len(run)
        return int(run)
