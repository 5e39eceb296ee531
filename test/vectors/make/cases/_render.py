"""How the vector files are written, and small helpers for cases."""

from __future__ import annotations

import hashlib
import json

from countersign.common import Refused


def document(groups: dict) -> str:
    """Pure ASCII JSON: one line for every case, so that a change shows as one line."""
    parts = []
    for name, value in groups.items():
        if isinstance(value, list):
            lines = ',\n'.join('    ' + _line(item) for item in value)
            parts.append('  %s: [\n%s\n  ]' % (json.dumps(name), lines))
        else:
            parts.append('  %s: %s' % (json.dumps(name), _line(value)))
    return '{\n' + ',\n'.join(parts) + '\n}\n'


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(', ', ': '))


def fixed(label: str, length: int = 32) -> bytes:
    """Bytes that look random and are always the same for a label."""
    return hashlib.shake_256(b'countersign test vectors: ' + label.encode('utf-8')).digest(length)


def packed(data: bytes) -> object:
    """Bytes as hexadecimal; long runs of one byte as [hex, [byte in hex, count], hex, ...]."""
    if len(data) < 1024:
        return data.hex()
    parts, at = [], 0
    while at < len(data):
        end = at
        while end < len(data) and data[end] == data[at]:
            end += 1
        if end - at >= 64:
            parts.append(['%02x' % data[at], end - at])
        elif parts and isinstance(parts[-1], str):
            parts[-1] += data[at:end].hex()
        else:
            parts.append(data[at:end].hex())
        at = end
    return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else parts


def unpacked(value: object) -> bytes:
    """The bytes that `packed` wrote."""
    parts = [value] if isinstance(value, str) else value
    return b''.join(bytes.fromhex(p) if isinstance(p, str) else bytes.fromhex(p[0]) * p[1] for p in parts)


def shown(data: bytes) -> dict:
    """Bytes as text when they are UTF-8 and that is no longer than packed bytes, else packed."""
    pieces = {'bytes': packed(data)}
    try:
        text = {'text': data.decode('utf-8', 'strict')}
    except UnicodeDecodeError:
        return pieces
    return text if len(_line(text)) <= len(_line(pieces)) else pieces


def code_of(judge, *arguments) -> str | None:
    """The code with which a function of the second implementation refuses, or None."""
    try:
        judge(*arguments)
    except Refused as refused:
        return refused.code
    return None


def expect(code: str | None, judge, *arguments) -> str | None:
    """The code, after checking that the second implementation's own reader gives it."""
    found = code_of(judge, *arguments)
    if found != code:
        raise AssertionError('expected %s, the reader says %s' % (code, found))
    return code


def sweep(data: bytes, judge, masks: tuple = (0x01, 0x80), ok: bool = False) -> list:
    """Every single-byte change by these masks: runs of [mask, first offset, last offset, code].

    With `ok` a change may be accepted, because what is changed is not signed here: its code is 'ok'.
    """
    runs = []
    for mask in masks:
        for at in range(len(data)):
            changed = bytearray(data)
            changed[at] ^= mask
            code = code_of(judge, bytes(changed)) or ('ok' if ok else None)
            if code is None:
                raise AssertionError('a changed byte at %d is accepted' % at)
            if runs and runs[-1][0] == mask and runs[-1][3] == code:
                runs[-1][2] = at
            else:
                runs.append([mask, at, at, code])
    return runs


def cuts(data: bytes, judge) -> list:
    """Every shorter prefix: runs of [shortest length, longest length, code]."""
    runs = []
    for length in range(len(data)):
        code = code_of(judge, data[:length])
        if code is None:
            raise AssertionError('a prefix of %d bytes is accepted' % length)
        if runs and runs[-1][2] == code:
            runs[-1][1] = length
        else:
            runs.append([length, length, code])
    return runs
