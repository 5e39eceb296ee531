"""Inclusion promises of docs/spec/promises.md."""

from __future__ import annotations

from . import note
from .common import MAX_INTEGER, MAX_TIME, Refused, unhex

_NAMES = ('ledger', 'message', 'size', 'last-height', 'last-time')


def text_of(ledger: bytes, message: bytes, size: int, last_height: int, last_time: int) -> str:
    values = (ledger.hex(), message.hex(), size, last_height, last_time)
    return 'countersign/promise/v1\n' + ''.join('%s %s\n' % pair for pair in zip(_NAMES, values))


def _number(text: str, high: int) -> int:
    number = note.decimal(text, high)
    if number is None:
        raise Refused('promise-value')
    return number


def parse(text: str) -> dict:
    lines = text.split('\n')
    if len(lines) != 7 or lines[0] != 'countersign/promise/v1' or lines[6] != '':
        raise Refused('promise-format')
    values = []
    for name, line in zip(_NAMES, lines[1:6]):
        if not line.startswith(name + ' '):
            raise Refused('promise-format')
        values.append(line[len(name) + 1 :])
    ledger, message = unhex(values[0], 32), unhex(values[1], 32)
    if ledger is None or message is None:
        raise Refused('promise-value')
    size, last_height = _number(values[2], MAX_INTEGER), _number(values[3], MAX_INTEGER)
    last_time = _number(values[4], MAX_TIME)
    if not size <= last_height <= size + 1023:
        raise Refused('promise-value')
    return {
        'ledger': ledger,
        'message': message,
        'size': size,
        'last_height': last_height,
        'last_time': last_time,
    }


def open_promise(data: bytes, key: note.Key, ledger: bytes) -> dict:
    text, _ = note.open_note(data, [key])
    promise = parse(text)
    if promise['ledger'] != ledger:
        raise Refused('promise-ledger')
    return promise


def accept(promise: dict, newest: int, received: int) -> None:
    """That the promise is worth taking: `newest` is the size of a checkpoint fetched later, `received` when it came."""
    if promise['size'] > newest:
        raise Refused('promise-size')
    if promise['last_time'] > received + 7 * 24 * 60 * 60:
        raise Refused('promise-last-time')
