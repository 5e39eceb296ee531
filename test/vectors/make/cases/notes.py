"""notes.json: verifier keys, signed notes, checkpoints and cosignatures."""

from __future__ import annotations

from countersign import ed25519, note
from countersign.common import MAX_INTEGER, MAX_TIME, b64, is_origin, sha256, u8, u64

from ._render import cuts, expect, fixed, shown, sweep

LOG = note.Signer('log.example/one', note.LOG, fixed('notes log'))
OTHER = note.Signer('log.example/two', note.LOG, fixed('notes other log'))
WITNESS = note.Signer('witness.example/w1', note.COSIGNER, fixed('notes witness 1'))
SECOND = note.Signer('witness.example/w2', note.COSIGNER, fixed('notes witness 2'))
ROOT = fixed('notes root')
TIME = 1700000000


def vkey(name: str, material: bytes, key_id: str | None = None) -> str:
    computed = sha256(name.encode('utf-8'), b'\n', material)[:4].hex()
    return '%s+%s+%s' % (name, computed if key_id is None else key_id, b64(material))


def _keys() -> tuple:
    good, refused = [], []
    for name, kind, seed in (
        ('example.com/log', 1, 'key a'),
        ('a', 4, 'key b'),
        ('witness.example/w-1', 4, 'key c'),
        ('\u65e5\u672c.example', 1, 'key d'),
        ('name\x7fwith\u00adodd\u200bcharacters', 1, 'key e'),
        ('x' * 300, 1, 'key f'),
    ):
        key = note.Signer(name, kind, fixed('notes ' + seed))
        assert note.parse_vkey(key.vkey).id == key.id
        good.append({'name': name, 'type': kind, 'key': key.key.hex(), 'id': key.id.hex(), 'vkey': key.vkey})
    material, other = u8(1) + LOG.key, fixed('notes material')
    text = LOG.vkey
    name, key_id, rest = text.split('+', 2)
    for code, what, value in (
        ('note-key-malformed', 'empty', ''),
        ('note-key-malformed', 'the name alone', name),
        ('note-key-malformed', 'two parts', name + '+' + key_id),
        ('note-key-malformed', 'two pluses and nothing else', '++'),
        ('note-key-malformed', 'empty name', vkey('', material)),
        ('note-key-malformed', 'name with a space', vkey('log example', material)),
        ('note-key-malformed', 'name with a tab', vkey('log\texample', material)),
        ('note-key-malformed', 'name with a newline', vkey('log\nexample', material)),
        ('note-key-malformed', 'name with a null character', vkey('log\x00example', material)),
        ('note-key-malformed', 'name with a control character', vkey('log\x1bexample', material)),
        ('note-key-malformed', 'name with a no-break space', vkey('log\u00a0example', material)),
        ('note-key-malformed', 'name with U+0085', vkey('log\u0085example', material)),
        ('note-key-malformed', 'name with an ideographic space', vkey('log\u3000example', material)),
        ('note-key-malformed', 'name with a plus', vkey('log+example', material)),
        ('note-key-malformed', 'id in upper case', '+'.join((name, 'ABCDEF01', rest))),
        ('note-key-malformed', 'id of seven digits', '+'.join((name, key_id[:-1], rest))),
        ('note-key-malformed', 'id of nine digits', '+'.join((name, key_id + '0', rest))),
        ('note-key-malformed', 'empty id', '+'.join((name, '', rest))),
        ('note-key-malformed', 'no base64', '+'.join((name, key_id, ''))),
        ('note-key-malformed', 'base64 without padding', vkey(name, material + b'\x00' * 2).rstrip('=')),
        ('note-key-malformed', 'base64 with a space after', text + ' '),
        ('note-key-malformed', 'base64 with a newline after', text + '\n'),
        ('note-key-malformed', 'base64 of the other alphabet', '+'.join((name, key_id, '-' + rest[1:]))),
        ('note-key-malformed', 'key of 31 bytes', vkey(name, material[:-1])),
        ('note-key-malformed', 'key of 33 bytes', vkey(name, material + b'\x00')),
        ('note-key-malformed', 'no key', vkey(name, material[:1])),
        ('note-key-malformed', 'key of 31 bytes and another id', vkey(name, material[:-1], '00000000')),
        ('note-key-type', 'type 0', vkey(name, u8(0) + other)),
        ('note-key-type', 'type 2', vkey(name, u8(2) + other)),
        ('note-key-type', 'type 5', vkey(name, u8(5) + other)),
        ('note-key-type', 'type 6 with an ML-DSA-44 key', vkey(name, u8(6) + bytes(1312))),
        ('note-key-type', 'type 255', vkey(name, u8(255) + other)),
        ('note-key-type', 'type 2, a short key and another id', vkey(name, u8(2) + other[:9], '00000000')),
        ('note-key-id', 'another id', vkey(name, material, '00000000')),
        ('note-key-id', 'the id of another type', vkey(name, material, note.Key(name, 4, LOG.key).id.hex())),
        ('note-key-id', 'another name', text.replace('one', 'two')),
    ):
        refused.append({'name': what, 'code': expect(code, note.parse_vkey, value), 'vkey': value})
    return good, refused


def line(name: str, blob: bytes) -> str:
    return note.signature_line(name, blob)


TEXT = 'This is a note.\n'
UNKNOWN = line('unknown.example', b'\x01\x02\x03\x04' + fixed('notes unknown', 64))


def _opened(known: list, data: bytes) -> dict:
    text, found = note.open_note(data, known)
    signed = [{'vkey': key.vkey, 'time': time} for key, time in sorted(found, key=lambda pair: pair[0].vkey)]
    return {'text': text, 'signed': signed}


def _notes() -> list:
    sign, own = note.sign, LOG.line(TEXT)
    blank = 'First part.\n\nSecond part.\n'
    empty_end = 'Text and an empty line.\n\n'
    cases = (
        ('one signature', [LOG], sign(TEXT, own)),
        ('two known keys', [LOG, OTHER], sign(TEXT, own, OTHER.line(TEXT))),
        ('an unknown key before', [LOG], sign(TEXT, UNKNOWN, own)),
        ('an unknown key after', [LOG], sign(TEXT, own, UNKNOWN)),
        ('a known name with another id', [LOG], sign(TEXT, line(LOG.name, b'\x00' * 68), own)),
        ('a known id with another name', [LOG], sign(TEXT, line('x', LOG.id + bytes(64)), own)),
        ('the same line twice', [LOG], sign(TEXT, own, own)),
        ('an ML-DSA-44 cosignature of an unknown key', [LOG], sign(TEXT, own, line('pq', bytes(4 + 2428)))),
        ('a cosignature', [LOG, WITNESS], sign(TEXT, own, WITNESS.line(TEXT, TIME))),
        ('a cosignature alone', [WITNESS], sign(TEXT, WITNESS.line(TEXT, TIME))),
        ('a cosignature at time 0', [WITNESS], sign(TEXT, WITNESS.line(TEXT, 0))),
        ('a cosignature at the last time', [WITNESS], sign(TEXT, WITNESS.line(TEXT, MAX_TIME))),
        (
            'two times of one witness',
            [WITNESS],
            sign(TEXT, WITNESS.line(TEXT, TIME), WITNESS.line(TEXT, TIME - 9)),
        ),
        ('text with empty lines', [LOG], sign(blank, LOG.line(blank))),
        ('text that ends with an empty line', [LOG], sign(empty_end, LOG.line(empty_end))),
        ('text of one empty line', [LOG], sign('\n', LOG.line('\n'))),
        ('text that looks like a signature', [LOG], sign(own, LOG.line(own))),
        (
            'text in other scripts',
            [LOG],
            sign('\u65e5\u672c \u00e9\u007f\u0085\n', LOG.line('\u65e5\u672c \u00e9\u007f\u0085\n')),
        ),
        ('text that begins with a byte order mark', [LOG], sign('\ufeffx\n', LOG.line('\ufeffx\n'))),
        ('64 signatures', [LOG], sign(TEXT, *[UNKNOWN] * 63, own)),
        ('the shortest line of an unknown key', [LOG], sign(TEXT, own, line('x', bytes(5)))),
        ('a line of 16,385 bytes of an unknown key', [LOG], sign(TEXT, own, longest(16385))),
        ('a line of 100,000 bytes of an unknown key', [LOG], sign(TEXT, longest(100000), own)),
        ('the longest note', [LOG], longest_note()),
    )
    made = []
    for name, known, data in cases:
        case = {'name': name, 'keys': [key.vkey for key in known], 'note': shown(data)}
        opened = _opened(known, data)
        if len(opened['text']) > 2000:
            opened['text'] = None
        made.append({**case, **opened})
    return made


def longest(length: int) -> str:
    """A signature line of this many bytes, newline not counted."""
    front = len('\u2014 '.encode()) + 1
    blob_text = 12000
    return line('n' * (length - front - blob_text), bytes(blob_text // 4 * 3))


def longest_note(more: int = 0) -> bytes:
    """A note of 1,048,576 bytes."""
    text = 'x' * 1000 + '\n'
    rest = 1048576 - len(note.sign(text, LOG.line(text))) + more
    text = 'x' * (1000 + rest) + '\n'
    return note.sign(text, LOG.line(text))


def _refused_notes() -> list:
    sign, own = note.sign, LOG.line(TEXT)
    bad = line(LOG.name, LOG.id + bytes(64))
    good = sign(TEXT, own).decode()
    other_text = LOG.line('Another note.\n')
    cosigned = WITNESS.line(TEXT, TIME)
    blob = note.unb64(cosigned.split(' ')[2][:-1])
    late = u64(MAX_TIME + 1)
    late += ed25519.sign(WITNESS.seed, b'cosignature/v1\ntime %d\n' % (MAX_TIME + 1) + TEXT.encode())
    plain_by_witness = WITNESS.id + ed25519.sign(WITNESS.seed, TEXT.encode())
    cases = (
        ('note-too-long', 'one byte more than any', [LOG], longest_note(1)),
        ('note-malformed', 'nothing', [LOG], b''),
        ('note-malformed', 'a newline', [LOG], b'\n'),
        ('note-malformed', 'two newlines', [LOG], b'\n\n'),
        ('note-malformed', 'not UTF-8', [LOG], b'\xff' + good.encode()),
        ('note-malformed', 'not UTF-8, and a control character before', [LOG], b'\x00\xff'),
        ('note-malformed', 'no empty line', [LOG], (TEXT + own).encode()),
        ('note-malformed', 'no signatures', [LOG], (TEXT + '\n').encode()),
        ('note-malformed', 'no newline at the end', [LOG], good[:-1].encode()),
        ('note-malformed', 'an empty line at the end', [LOG], (good + '\n').encode()),
        ('note-malformed', 'the empty line is the first', [LOG], ('\n' + own).encode()),
        ('note-control-character', 'carriage return', [LOG], good.replace('\n', '\r\n').encode()),
        ('note-control-character', 'tab in the text', [LOG], sign('a\tb\n', LOG.line('a\tb\n'))),
        ('note-control-character', 'null in the text', [LOG], sign('a\x00b\n', LOG.line('a\x00b\n'))),
        ('note-control-character', 'U+001F in the text', [LOG], sign('\x1f\n', LOG.line('\x1f\n'))),
        ('note-control-character', 'and no empty line', [LOG], b'a\x01b'),
        ('note-too-many-signatures', '65 signatures', [LOG], sign(TEXT, own, *[UNKNOWN] * 64)),
        ('note-too-many-signatures', '65 lines of another kind', [LOG], sign(TEXT, *['x\n'] * 65)),
        ('note-signature-line', 'a line without a dash', [LOG], sign(TEXT, own, own[2:])),
        ('note-signature-line', 'a hyphen for the dash', [LOG], sign(TEXT, own.replace('\u2014', '-'))),
        ('note-signature-line', 'an en dash', [LOG], sign(TEXT, own.replace('\u2014', '\u2013'))),
        ('note-signature-line', 'two spaces', [LOG], sign(TEXT, own.replace(' ', '  '))),
        ('note-signature-line', 'a space at the end', [LOG], sign(TEXT, own.replace('\n', ' \n'))),
        ('note-signature-line', 'a space before', [LOG], sign(TEXT, ' ' + own)),
        ('note-signature-line', 'no name', [LOG], sign(TEXT, '\u2014  AAAAAAA=\n')),
        ('note-signature-line', 'no base64', [LOG], sign(TEXT, '\u2014 name \n')),
        ('note-signature-line', 'the dash alone', [LOG], sign(TEXT, '\u2014\n')),
        ('note-signature-line', 'name with a plus', [LOG], sign(TEXT, own, line('a+b', bytes(68)))),
        (
            'note-signature-line',
            'name with a no-break space',
            [LOG],
            sign(TEXT, own, line('a\u00a0b', bytes(68))),
        ),
        ('note-signature-line', 'four bytes', [LOG], sign(TEXT, own, line('name', bytes(4)))),
        ('note-signature-line', 'three bytes', [LOG], sign(TEXT, own, line('name', bytes(3)))),
        ('note-signature-line', 'base64 without padding', [LOG], sign(TEXT, own, '\u2014 name AAAAAAA\n')),
        ('note-signature-line', 'base64 with unused bits', [LOG], sign(TEXT, own, '\u2014 name AAAAAAB=\n')),
        (
            'note-signature-line',
            'base64 of the other alphabet',
            [LOG],
            sign(TEXT, own, '\u2014 name ____AAAA\n'),
        ),
        ('note-signature-line', 'a bad line after a wrong signature', [LOG], sign(TEXT, bad, 'x\n')),
        ('note-signature-refused', 'wrong signature', [LOG], sign(TEXT, bad)),
        ('note-signature-refused', 'signature of another text', [LOG], sign(TEXT, other_text)),
        ('note-signature-refused', 'text changed', [LOG], sign('This is A note.\n', own)),
        ('note-signature-refused', 'a newline added to the text', [LOG], sign(TEXT + '\n', own)),
        ('note-signature-refused', 'a good line, then a wrong one', [LOG], sign(TEXT, own, bad)),
        (
            'note-signature-refused',
            'one known key good, the other wrong',
            [LOG, OTHER],
            sign(TEXT, own, line(OTHER.name, OTHER.id + bytes(64))),
        ),
        (
            'note-signature-refused',
            'signature of 63 bytes',
            [LOG],
            sign(TEXT, line(LOG.name, LOG.id + bytes(63))),
        ),
        (
            'note-signature-refused',
            'signature of 1 byte',
            [LOG],
            sign(TEXT, line(LOG.name, LOG.id + bytes(1))),
        ),
        (
            'note-signature-refused',
            'a byte after the signature',
            [LOG],
            sign(TEXT, line(LOG.name, note.unb64(own.split(' ')[2][:-1]) + b'\x00')),
        ),
        (
            'note-signature-refused',
            'cosignature without a time',
            [WITNESS],
            sign(TEXT, line(WITNESS.name, plain_by_witness)),
        ),
        (
            'note-signature-refused',
            'cosignature with another time',
            [WITNESS],
            sign(TEXT, line(WITNESS.name, blob[:11] + b'\xff' + blob[12:])),
        ),
        (
            'note-signature-refused',
            'cosignature after the year 9999',
            [WITNESS],
            sign(TEXT, line(WITNESS.name, WITNESS.id + late)),
        ),
        (
            'note-signature-refused',
            'cosignature of a byte more',
            [WITNESS],
            sign(TEXT, line(WITNESS.name, blob + b'\x00')),
        ),
        (
            'note-signature-refused',
            'cosignature of another text',
            [WITNESS],
            sign(TEXT, WITNESS.line('x\n', TIME)),
        ),
        (
            'note-signature-refused',
            'wrong cosignature beside a good log',
            [LOG, WITNESS],
            sign(TEXT, own, WITNESS.line('x\n', TIME)),
        ),
        ('note-unsigned', 'no known key', [OTHER], sign(TEXT, own)),
        ('note-unsigned', 'no keys at all', [], sign(TEXT, own)),
        ('note-unsigned', 'unknown lines only', [LOG], sign(TEXT, UNKNOWN)),
        ('note-unsigned', 'known name, other id', [LOG], sign(TEXT, line(LOG.name, bytes(68)))),
    )
    made = []
    for code, name, known, data in cases:
        expect(code, note.open_note, data, known)
        made.append({'name': name, 'code': code, 'keys': [key.vkey for key in known], 'note': shown(data)})
    return made


def text_of(*lines: str) -> str:
    return ''.join(item + '\n' for item in lines)


def _checkpoint_texts() -> tuple:
    root = b64(ROOT)
    good, refused = [], []
    for name, text, ledger in (
        ('plain', note.checkpoint_text(LOG.name, 7, ROOT), True),
        ('size 0', note.checkpoint_text(LOG.name, 0, sha256()), True),
        ('largest size', note.checkpoint_text(LOG.name, MAX_INTEGER, ROOT), True),
        ('one extension line', note.checkpoint_text(LOG.name, 7, ROOT, ('more',)), False),
        ('two extension lines', note.checkpoint_text(LOG.name, 7, ROOT, ('more', 'and \u65e5 more')), False),
        ('origin with spaces', note.checkpoint_text('Some Log 1', 7, ROOT), False),
        ('origin with a plus', note.checkpoint_text('log+example', 7, ROOT), False),
        ('origin of 255 bytes', note.checkpoint_text('o' * 255, 7, ROOT), True),
        ('origin in another script', note.checkpoint_text('\u65e5\u672c.example', 7, ROOT), False),
        ('origin with a character that is not shown', note.checkpoint_text('log\u200b', 7, ROOT), False),
        ('origin and an extension line', note.checkpoint_text('log*', 7, ROOT, ('more',)), False),
        ('origin of 256 bytes', note.checkpoint_text('o' * 256, 7, ROOT), False),
    ):
        found = note.parse_checkpoint(text)
        expect(None if ledger else code_for_ledger(text), note.parse_checkpoint, text, True)
        case = {
            'name': name,
            'text': text,
            'origin': found['origin'],
            'size': found['size'],
            'root': found['root'].hex(),
        }
        good.append(
            {**case, 'extensions': found['extensions'], 'ledger': 'ok' if ledger else code_for_ledger(text)}
        )
    for code, name, text in (
        ('checkpoint-malformed', 'one line', text_of('a')),
        ('checkpoint-malformed', 'two lines', text_of('a', '7')),
        ('checkpoint-malformed', 'an empty line', '\n'),
        ('checkpoint-malformed', 'empty origin', text_of('', '7', root)),
        ('checkpoint-malformed', 'empty size', text_of('a', '', root)),
        ('checkpoint-malformed', 'empty root', text_of('a', '7', '')),
        ('checkpoint-malformed', 'empty line after the root', text_of('a', '7', root, '')),
        ('checkpoint-malformed', 'empty line among extensions', text_of('a', '7', root, 'x', '', 'y')),
        ('checkpoint-malformed', 'empty line and a wrong size', text_of('a', '07', root, '')),
        ('checkpoint-size', 'leading zero', text_of('a', '07', root)),
        ('checkpoint-size', 'two zeros', text_of('a', '00', root)),
        ('checkpoint-size', 'plus', text_of('a', '+7', root)),
        ('checkpoint-size', 'minus', text_of('a', '-7', root)),
        ('checkpoint-size', 'space before', text_of('a', ' 7', root)),
        ('checkpoint-size', 'space after', text_of('a', '7 ', root)),
        ('checkpoint-size', 'hexadecimal', text_of('a', '0x7', root)),
        ('checkpoint-size', 'exponent', text_of('a', '7e1', root)),
        ('checkpoint-size', 'fraction', text_of('a', '7.0', root)),
        ('checkpoint-size', 'full-width digit', text_of('a', '\uff17', root)),
        ('checkpoint-size', '2^53', text_of('a', '9007199254740992', root)),
        ('checkpoint-size', 'a hundred digits', text_of('a', '9' * 100, root)),
        ('checkpoint-size', 'wrong size and wrong root', text_of('a', 'x', 'y')),
        ('checkpoint-root', '31 bytes', text_of('a', '7', b64(ROOT[:31]))),
        ('checkpoint-root', '33 bytes', text_of('a', '7', b64(ROOT + b'x'))),
        ('checkpoint-root', 'hexadecimal', text_of('a', '7', ROOT.hex())),
        ('checkpoint-root', 'no padding', text_of('a', '7', root.rstrip('='))),
        ('checkpoint-root', 'space after', text_of('a', '7', root + ' ')),
        ('checkpoint-root', 'unused bits', text_of('a', '7', b64(bytes(32))[:-2] + 'B=')),
    ):
        refused.append({'name': name, 'code': expect(code, note.parse_checkpoint, text), 'text': text})
    return good, refused


def code_for_ledger(text: str) -> str:
    origin = text.split('\n')[0]
    return 'checkpoint-extension' if text.count('\n') > 3 and is_origin(origin) else 'checkpoint-malformed'


def _checkpoints() -> list:
    text = note.checkpoint_text(LOG.name, 7, ROOT)
    extended = note.checkpoint_text(LOG.name, 7, ROOT, ('more',))
    named = note.checkpoint_text(OTHER.name, 7, ROOT)
    broken = 'not a checkpoint\n'
    own = LOG.line(text)
    cases = (
        # code, code for a ledger (None: the same), name, logs, other keys, note
        ('ok', None, 'signed by the log', [LOG], [], note.sign(text, own)),
        ('ok', None, 'one of two logs', [OTHER, LOG], [], note.sign(text, own)),
        ('ok', None, 'cosigned', [LOG], [WITNESS, SECOND], note.sign(text, own, WITNESS.line(text, TIME))),
        ('ok', None, 'both logs signed', [LOG, OTHER], [], note.sign(text, OTHER.line(text), own)),
        ('ok', 'checkpoint-extension', 'extension line', [LOG], [], note.sign(extended, LOG.line(extended))),
        (
            'checkpoint-origin',
            None,
            'a log signs in the name of another',
            [LOG],
            [],
            note.sign(named, LOG.line(named)),
        ),
        (
            'checkpoint-not-by-log',
            None,
            'cosigned only',
            [LOG],
            [WITNESS],
            note.sign(text, WITNESS.line(text, TIME)),
        ),
        ('checkpoint-malformed', None, 'another text', [LOG], [], note.sign(broken, LOG.line(broken))),
        (
            'checkpoint-malformed',
            None,
            'another text, cosigned only',
            [LOG],
            [WITNESS],
            note.sign(broken, WITNESS.line(broken, 5)),
        ),
        ('note-unsigned', None, 'unknown log', [OTHER], [], note.sign(text, own)),
        (
            'note-unsigned',
            None,
            'another text by an unknown key',
            [OTHER],
            [],
            note.sign(broken, LOG.line(broken)),
        ),
        ('note-signature-refused', None, 'wrong signature', [LOG], [], note.sign(text, LOG.line(extended))),
        (
            'note-signature-refused',
            None,
            'wrong cosignature',
            [LOG],
            [WITNESS],
            note.sign(text, own, WITNESS.line(named, 5)),
        ),
    )
    made = []
    for code, ledger_code, name, logs, others, data in cases:
        ledger_code = ledger_code or code
        expect(None if code == 'ok' else code, note.open_checkpoint, data, logs, others)
        expect(None if ledger_code == 'ok' else ledger_code, note.open_checkpoint, data, logs, others, True)
        case = {'name': name, 'code': code, 'ledger': ledger_code, 'logs': [key.vkey for key in logs]}
        case['others'] = [key.vkey for key in others]
        made.append({**case, 'note': data.decode()})
        if code == 'ok':
            _, found = note.open_checkpoint(data, logs, others)
            made[-1]['signed'] = [
                {'vkey': key.vkey, 'time': time} for key, time in sorted(found, key=lambda p: p[0].vkey)
            ]
    return made


def _signing() -> list:
    cases = []
    for name, signer, text, time in (
        ('a plain signature', LOG, TEXT, None),
        ('a checkpoint', LOG, note.checkpoint_text(LOG.name, 7, ROOT), None),
        ('a cosignature', WITNESS, note.checkpoint_text(LOG.name, 7, ROOT), TIME),
        ('a cosignature at time 0', WITNESS, TEXT, 0),
    ):
        case = {'name': name, 'vkey': signer.vkey, 'seed': signer.seed.hex(), 'text': text, 'time': time}
        cases.append(
            {
                **case,
                'line': signer.line(text, time),
                'note': note.sign(text, signer.line(text, time)).decode(),
            }
        )
    return cases


def vectors() -> dict:
    keys, refused_keys = _keys()
    texts, refused_texts = _checkpoint_texts()
    text = note.checkpoint_text(LOG.name, 7, ROOT)
    whole = note.sign(text, LOG.line(text), WITNESS.line(text, TIME))

    def judge(data: bytes) -> None:
        note.open_checkpoint(data, [LOG], [WITNESS], True)

    changed = {'name': 'every byte of a cosigned checkpoint', 'log': LOG.vkey, 'witness': WITNESS.vkey}
    changed['note'] = whole.decode()
    # A changed name or id of the witness makes its line one of an unknown key, which is ignored: 'ok'.
    changed['sweep'] = sweep(whole, judge, ok=True)
    changed['cuts'] = cuts_of(whole, judge)
    return {
        'spec': 'docs/spec/notes.md',
        'keys': keys,
        'refusedKeys': refused_keys,
        'signing': _signing(),
        'notes': _notes(),
        'refusedNotes': _refused_notes(),
        'checkpointTexts': texts,
        'refusedCheckpointTexts': refused_texts,
        'checkpoints': _checkpoints(),
        'changed': [changed],
    }


def cuts_of(whole: bytes, judge) -> list:
    """The prefixes of a note; the one that ends with the first signature line is a note itself."""
    first = whole.index(b'\n', whole.index(b'\n\n') + 2) + 1
    judge(whole[:first])
    runs = cuts(whole[:first], judge)

    def judge_rest(data: bytes) -> None:
        judge(whole[: first + 1] + data)

    rest = [
        [low + first + 1, high + first + 1, code] for low, high, code in cuts(whole[first + 1 :], judge_rest)
    ]
    return [*runs, *rest]
