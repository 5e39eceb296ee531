"""promises.json: inclusion promises."""

from __future__ import annotations

from countersign import note, promise
from countersign.common import MAX_INTEGER, MAX_TIME
from countersign.ledger import Ledger

from ._render import expect, fixed, sweep

MADE = Ledger(fixed, 'promises')
LEDGER, MESSAGE, KEY = MADE.id, fixed('promises message'), MADE.promiser
OTHER = note.Signer(KEY.name, note.LOG, fixed('promises other key'))


def signed(text: str) -> bytes:
    return note.sign(text, KEY.line(text))


def vectors() -> dict:
    good = []
    for name, size, height, time in (
        ('plain', 100, 130, 1700000030),
        ('one block', 7, 7, 1700000000),
        ('size 1', 1, 12, 1700000000),
        ('size 0', 0, 0, 0),
        ('widest range', 5000, 6023, 1700000000),
        ('largest numbers', MAX_INTEGER - 1, MAX_INTEGER, MAX_TIME),
    ):
        text = promise.text_of(LEDGER, MESSAGE, size, height, time)
        data = signed(text)
        found = promise.open_promise(data, KEY, LEDGER)
        assert (found['size'], found['last_height'], found['last_time']) == (size, height, time)
        case = {
            'name': name,
            'size': size,
            'lastHeight': height,
            'lastTime': time,
            'text': text,
            'note': data.decode(),
        }
        good.append(case)
    text = promise.text_of(LEDGER, MESSAGE, 100, 130, 1700000030)
    lines = text.split('\n')

    def edited(old: str, new: str) -> bytes:
        assert text.count(old) == 1
        return signed(text.replace(old, new))

    refused = []
    for code, name, data in (
        ('note-malformed', 'no note', text.encode()),
        ('note-unsigned', 'another key', note.sign(text, OTHER.line(text))),
        ('note-signature-refused', 'text changed', signed(text).replace(b'size 100', b'size 101')),
        ('promise-format', 'another first line', edited('promise/v1', 'promise/v2')),
        ('promise-format', 'one line more', signed(text + 'more\n')),
        ('promise-format', 'an empty line more', signed(text + '\n')),
        ('promise-format', 'one line fewer', signed('\n'.join(lines[:-2]) + '\n')),
        ('promise-format', 'lines exchanged', signed('\n'.join([lines[0], lines[2], lines[1], *lines[3:]]))),
        ('promise-format', 'a line twice', signed('\n'.join([*lines[:3], lines[2], *lines[4:]]))),
        ('promise-format', 'another word', edited('last-time', 'lasttime')),
        ('promise-format', 'upper case', edited('size', 'Size')),
        ('promise-format', 'no space', edited('size 100', 'size100')),
        ('promise-format', 'a space before', edited('size', ' size')),
        ('promise-format', 'a space at the end of the first line', edited('v1\n', 'v1 \n')),
        ('promise-format', 'a checkpoint', signed(note.checkpoint_text(KEY.name, 1, bytes(32)))),
        ('promise-value', 'two spaces', edited('size 100', 'size  100')),
        ('promise-value', 'a space at the end', edited('size 100', 'size 100 ')),
        ('promise-value', 'ledger too short', edited(LEDGER.hex(), LEDGER.hex()[:-2])),
        ('promise-value', 'ledger in upper case', edited(LEDGER.hex(), LEDGER.hex().upper())),
        ('promise-value', 'no message', edited(MESSAGE.hex(), '')),
        ('promise-value', 'message too long', edited(MESSAGE.hex(), MESSAGE.hex() + '00')),
        ('promise-value', 'leading zero', edited('size 100', 'size 0100')),
        ('promise-value', 'minus', edited('size 100', 'size -1')),
        ('promise-value', 'fraction', edited('last-time 1700000030', 'last-time 1700000030.5')),
        ('promise-value', 'no number', edited('last-height 130', 'last-height ')),
        ('promise-value', 'size of 2^53', edited('size 100', 'size 9007199254740992')),
        ('promise-value', 'last height of 2^53', edited('last-height 130', 'last-height 9007199254740992')),
        ('promise-value', 'time after the year 9999', edited('1700000030', str(MAX_TIME + 1))),
        ('promise-value', 'last height below size', edited('last-height 130', 'last-height 99')),
        ('promise-value', 'range of 1,025 heights', edited('last-height 130', 'last-height 1124')),
        (
            'promise-ledger',
            'another ledger',
            signed(promise.text_of(fixed('other ledger'), MESSAGE, 1, 1, 1)),
        ),
        (
            'promise-value',
            'another ledger and a wrong number',
            signed(promise.text_of(MESSAGE, MESSAGE, 2, 1, 1)),
        ),
    ):
        expect(code, promise.open_promise, data, KEY, LEDGER)
        refused.append({'name': name, 'code': code, 'note': data.decode()})

    accepted = []
    for code, name, newest, received in (
        ('ok', 'a larger checkpoint, soon', 130, 1700000000),
        ('ok', 'a checkpoint of just that size', 100, 1700000000),
        ('promise-size', 'a checkpoint that is one smaller', 99, 1700000000),
        ('ok', 'seven days before its end', 100, 1700000030 - 604800),
        ('promise-last-time', 'seven days and a second before its end', 100, 1700000030 - 604801),
        ('ok', 'after its end', 100, 1700000031),
        ('promise-size', 'both', 0, 0),
    ):
        found = promise.open_promise(signed(text), KEY, LEDGER)
        expect(None if code == 'ok' else code, promise.accept, found, newest, received)
        case = {'name': name, 'code': code, 'newest': newest, 'received': received}
        accepted.append({**case, 'note': signed(text).decode()})
    whole = signed(text)
    changed = {
        'note': whole.decode(),
        'sweep': sweep(whole, lambda data: promise.open_promise(data, KEY, LEDGER)),
    }
    keys = {
        'founding': MADE.headers[0].hex(),
        'seed': KEY.seed.hex(),
        'ledger': LEDGER.hex(),
        'message': MESSAGE.hex(),
    }
    return {
        'spec': 'docs/spec/promises.md',
        'key': keys,
        'promises': good,
        'refused': refused,
        'accepted': accepted,
        'changed': [changed],
    }
