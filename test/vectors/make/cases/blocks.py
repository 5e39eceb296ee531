"""blocks.json: headers, the links between them, and how a body is cut."""

from __future__ import annotations

from countersign import canonical, header, note
from countersign.common import MAX_INTEGER, MAX_TIME, sha256, u32
from countersign.envelope import MAX_DATA, MAX_LEAF

from ._render import cuts, expect, fixed, packed, shown

ORIGIN = 'log.example/countersign'
LOG = note.Signer(ORIGIN, note.LOG, fixed('blocks log'))
PROMISE = note.Signer(ORIGIN + '/promise', note.LOG, fixed('blocks promise'))


ORIGIN_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~/:-'


def founding(origin: str = ORIGIN, **changes: object) -> dict:
    log = note.Key(origin, note.LOG, LOG.key)
    promise = note.Key(origin + '/promise', note.LOG, PROMISE.key)
    members = {'limits': dict(header.LIMITS), 'log': log.vkey, 'origin': origin, 'promise': promise.vkey}
    return {**members, **changes}


def zero(**changes: object) -> dict:
    none = {'count': 0, 'root': sha256().hex()}
    members = {
        'body': {'hash': sha256().hex(), 'size': 0},
        'founding': founding(),
        'height': 0,
        'messages': none,
        'tags': none,
        'time': 1700000000,
        'v': 1,
    }
    return {**members, **changes}


LEDGER = header.ledger_id(canonical.write(zero()))


def at(height: int, **changes: object) -> dict:
    members = {
        'body': {'hash': fixed('body').hex(), 'size': 500},
        'height': height,
        'ledger': LEDGER.hex(),
        'messages': {'count': 2, 'root': fixed('messages').hex()},
        'previous': fixed('previous').hex(),
        'tags': {'count': 3, 'root': fixed('tags').hex()},
        'time': 1700000005,
        'v': 1,
    }
    rollups = [
        {'count': 300, 'root': fixed('rollup').hex()},
        {'count': 70000, 'root': fixed('rollup 2').hex()},
    ]
    if height % 256 == 0:
        members['rollups'] = rollups[: 2 if height % 65536 == 0 else 1]
    return {**members, **changes}


def counted(name: str, count: object, height: int = 1) -> dict:
    members = at(height)
    return {**members, name: {**members[name], 'count': count}}


def limits(**changes: object) -> dict:
    return zero(founding=founding(limits={**header.LIMITS, **changes}))


def without(members: dict, name: str) -> dict:
    return {key: value for key, value in members.items() if key != name}


def _headers() -> list:
    everything = {name: 1 for name in header.LIMITS}
    cases = (
        ('founding', zero()),
        ('founding at time 0', zero(time=0)),
        ('founding with the lowest limits', limits(**everything)),
        ('founding with an origin of one character', zero(founding=founding('a'))),
        ('founding with the longest origin', zero(founding=founding('o' * 255))),
        ('founding with every character of an origin', zero(founding=founding(ORIGIN_CHARACTERS))),
        ('height 1', at(1)),
        ('height 255', at(255)),
        ('height 256', at(256)),
        ('height 257', at(257)),
        ('height 65536', at(65536)),
        ('height 65792', at(65792)),
        ('highest height', at(MAX_INTEGER)),
        ('highest height with two roll-ups', at(MAX_INTEGER - 65535)),
        ('last time', at(1, time=MAX_TIME)),
        ('most messages', counted('messages', 65536)),
        ('most tags of two messages', counted('tags', 18)),
        ('most bytes', at(1, body={'hash': fixed('body').hex(), 'size': 268435456})),
        ('most tags of a roll-up', at(256, rollups=[{'count': 589824 * 256, 'root': fixed('r').hex()}])),
    )
    made = []
    for name, members in cases:
        data = canonical.write(members)
        assert header.parse(data) == members
        made.append({'name': name, 'header': members, 'text': data.decode(), 'hash': sha256(data).hex()})
    return made


def _value_cases() -> list:
    good = at(1)
    cases = [
        ('height as a string', {**good, 'height': '1'}),
        ('height below 0', {**good, 'height': -1}),
        ('height null', {**good, 'height': None}),
        ('height true', {**good, 'height': True}),
        ('height as a string, nothing else', {'height': '1'}),
        ('v 2', at(1, v=2)),
        ('v 0', at(1, v=0)),
        ('v as a string', at(1, v='1')),
        ('time below 0', at(1, time=-1)),
        ('time after the year 9999', at(1, time=MAX_TIME + 1)),
        ('time as a string', at(1, time='1700000000')),
        ('ledger too short', at(1, ledger='00' * 31)),
        ('ledger in upper case', at(1, ledger='AA' * 32)),
        ('previous null', at(1, previous=None)),
        ('previous with a letter that is no digit', at(1, previous='g0' + '00' * 31)),
        ('body without size', at(1, body={'hash': '00' * 32})),
        ('body with another member', at(1, body={'hash': '00' * 32, 'size': 1, 'url': ''})),
        ('body size as a string', at(1, body={'hash': '00' * 32, 'size': '1'})),
        ('body size below 0', at(1, body={'hash': '00' * 32, 'size': -1})),
        ('body hash too short', at(1, body={'hash': '00', 'size': 1})),
        ('messages as an array', at(1, messages=[])),
        ('messages without a root', at(1, messages={'count': 1})),
        ('message count as a string', counted('messages', '2')),
        ('message count below 0', counted('messages', -1)),
        ('tag count null', counted('tags', None)),
        ('tag root in upper case', at(1, tags={'count': 1, 'root': 'AB' * 32})),
        ('roll-ups as an object', at(256, rollups={'count': 1, 'root': '00' * 32})),
        ('no roll-up in the array', at(256, rollups=[])),
        ('two roll-ups where one stands', at(256, rollups=at(65536)['rollups'])),
        ('one roll-up where two stand', at(65536, rollups=at(256)['rollups'])),
        ('roll-up without a root', at(256, rollups=[{'count': 1}])),
        ('roll-up null', at(256, rollups=[None])),
        ('a wrong time and no messages', {**counted('messages', 0), 'time': -1}),
        ('wrong value at height 0, and a founding that is wrong', zero(time=-1, founding={})),
    ]
    return [('header-value', name, members) for name, members in cases]


def _founding_cases() -> list:
    other = note.Signer(ORIGIN, note.COSIGNER, fixed('blocks log'))
    wrong_id = LOG.vkey.replace(LOG.id.hex(), '00000000')
    cases = [
        ('founding null', None),
        ('founding as an array', []),
        ('founding without members', {}),
        ('surplus member', founding(extra=1)),
        ('limits as an array', founding(limits=[])),
        ('a limit missing', founding(limits=without(header.LIMITS, 'headBytes'))),
        ('an unknown limit', founding(limits={**header.LIMITS, 'tags': 8})),
        ('log key null', founding(log=None)),
        ('log key empty', founding(log='')),
        ('log key of another name', founding(log=PROMISE.vkey)),
        ('log key of the cosignature type', founding(log=other.vkey)),
        ('log key with another id', founding(log=wrong_id)),
        ('log key cut', founding(log=LOG.vkey[:-4])),
        ('log key with a space after', founding(log=LOG.vkey + ' ')),
        ('promise key of the name of the log', founding(promise=note.Signer(ORIGIN, 1, fixed('x')).vkey)),
        ('promise key that is the log key', founding(promise=note.Key(ORIGIN + '/promise', 1, LOG.key).vkey)),
        (
            'promise key of the cosignature type',
            founding(promise=note.Key(ORIGIN + '/promise', 4, PROMISE.key).vkey),
        ),
        ('promise key as a number', founding(promise=1)),
        ('origin null', {**founding(), 'origin': None}),
        ('origin other than the key names', {**founding(), 'origin': 'log.example/other'}),
    ]
    cases += [(name + ' missing', without(founding(), name)) for name in sorted(founding())]
    for name, limit in sorted(header.LIMITS.items()):
        for what, value in (('0', 0), ('one above the absolute limit', limit + 1), ('a string', str(limit))):
            cases.append((f'{name} {what}', founding(limits={**header.LIMITS, name: value})))
    for name, origin in (
        ('empty', ''),
        ('of 256 bytes', 'o' * 256),
        ('of 256 bytes in 129 characters', '\u00e9' * 127 + 'oo'),
        ('with a space', 'log example'),
        ('with a plus', 'log+example'),
        ('with a newline', 'log\nexample'),
        ('with a no-break space', 'log\u00a0example'),
        ('with a line separator', 'log\u2028example'),
        ('with an ideographic space', 'log\u3000example'),
        ('with U+0085', 'log\u0085example'),
        ('with DEL', 'log\x7fexample'),
        ('with a C1 character', 'log\u0090example'),
        ('with a null character', 'log\x00example'),
        ('in another script', '\u65e5\u672c.example'),
        ('with a Cyrillic letter', 'l\u043eg.example'),
        ('with a zero width space', 'log.example\u200b'),
        ('with a right-to-left override', '\u202elog.example'),
        ('with an isolate', 'log\u2066.example'),
        ('with a byte order mark', 'log.example\ufeff'),
        ('with a soft hyphen', 'log.example\u00ad'),
        ('with a tag character', 'log.example\U000e0041'),
        *(('with ' + char, 'log' + char + 'example') for char in '!"#$%&\'()*,;<=>?@[\\]^`{|}'),
    ):
        cases.append(('origin ' + name, founding(origin)))
    return [('header-founding', name, zero(founding=value)) for name, value in cases]


def _refused() -> list:
    good = at(1)
    none = {'count': 0, 'root': sha256().hex()}
    cases = [
        ('json-syntax', 'nothing', b''),
        ('json-syntax', 'white space after', canonical.write(good) + b'\n'),
        ('json-unsorted', 'members out of order', b'{"v":1,"height":1}'),
        ('header-too-long', '65,536 bytes', b'{' + b' ' * 65535),
        ('header-members', 'an array', b'[]'),
        ('header-members', 'a number', b'1'),
        ('header-members', 'no members', b'{}'),
        ('header-members', 'no height', without(good, 'height')),
        ('header-members', 'surplus member', at(1, extra=1)),
        ('header-members', 'surplus member and a wrong value', at(1, extra=1, v=2)),
        ('header-members', 'founding above 0', at(1, founding=founding())),
        ('header-members', 'roll-ups at 1', at(1, rollups=at(256)['rollups'])),
        ('header-members', 'roll-ups at 0', zero(rollups=at(256)['rollups'])),
        ('header-members', 'no roll-ups at 256', without(at(256), 'rollups')),
        ('header-members', 'no roll-ups at 65536', without(at(65536), 'rollups')),
        ('header-members', 'ledger at 0', zero(ledger=LEDGER.hex())),
        ('header-members', 'previous at 0', zero(previous='00' * 32)),
        ('header-members', 'no founding at 0', without(zero(), 'founding')),
    ]
    cases += [
        ('header-members', f'{name} missing', without(good, name))
        for name in sorted(good)
        if name != 'height'
    ]
    cases += _value_cases() + _founding_cases()
    cases += [
        ('header-empty', 'no messages', counted('messages', 0)),
        ('header-empty', 'no tags', counted('tags', 0)),
        ('header-empty', 'no messages and no tags', at(1, messages=none, tags=none)),
        ('header-empty', 'an empty roll-up', at(256, rollups=[none])),
        ('header-empty', 'an empty second roll-up', at(65536, rollups=[at(256)['rollups'][0], none])),
        (
            'header-empty',
            'no messages and too many tags',
            {**counted('messages', 0), 'tags': counted('tags', 9**9)['tags']},
        ),
        ('header-empty', 'messages at 0', zero(messages={'count': 1, 'root': fixed('m').hex()})),
        ('header-empty', 'tags at 0', zero(tags={'count': 1, 'root': fixed('m').hex()})),
        ('header-empty', 'another root at 0', zero(messages={'count': 0, 'root': '00' * 32})),
        ('header-empty', 'another tag root at 0', zero(tags={'count': 0, 'root': '00' * 32})),
        ('header-empty', 'a body at 0', zero(body={'hash': sha256().hex(), 'size': 1})),
        ('header-empty', 'another body hash at 0', zero(body={'hash': '00' * 32, 'size': 0})),
        ('header-limits', 'one message too many', counted('messages', 65537)),
        (
            'header-limits',
            'ten tags of one message',
            {**counted('tags', 10), 'messages': counted('messages', 1)['messages']},
        ),
        ('header-limits', 'nineteen tags of two messages', counted('tags', 19)),
        ('header-limits', 'one byte too many', at(1, body={'hash': '00' * 32, 'size': 268435457})),
        (
            'header-limits',
            'roll-up of too many tags',
            at(256, rollups=[{'count': 589824 * 256 + 1, 'root': '00' * 32}]),
        ),
    ]
    made = []
    for code, name, members in cases:
        data = members if isinstance(members, bytes) else canonical.write(members)
        made.append({'name': name, 'code': expect(code, header.parse, data), 'header': shown(data)})
    return made


def linked(first: bytes, lower: bytes, height: int, **changes: object) -> bytes:
    """A header of the ledger of `first`, linked to `lower` but for the changes."""
    rest = {'ledger': header.ledger_id(first).hex(), 'previous': sha256(lower).hex(), **changes}
    return canonical.write(at(height, **rest))


def _links() -> list:
    small = {**header.LIMITS, 'blockBytes': 500, 'blockMessages': 2}
    none = {**small, 'blockMessages': 1}
    other = '00' * 32
    # The lower height, and the upper: its height and what is changed in it.
    cases = (
        ('ok', '0 and 1', 0, 1, {}, header.LIMITS),
        ('ok', '1 and 2 at the same time', 1, 2, {}, header.LIMITS),
        ('ok', '255 and 256', 255, 256, {}, header.LIMITS),
        ('ok', 'at the limits of the ledger', 0, 1, {}, small),
        ('chain-height', 'a height left out', 0, 2, {}, header.LIMITS),
        ('chain-height', 'the same height', 1, 1, {}, header.LIMITS),
        ('chain-height', 'the wrong way round', 2, 1, {}, header.LIMITS),
        (
            'chain-height',
            'height and everything after wrong',
            0,
            2,
            {'previous': other, 'ledger': other, 'time': 0},
            none,
        ),
        ('chain-previous', 'another previous', 0, 1, {'previous': other}, header.LIMITS),
        (
            'chain-previous',
            'previous and everything after wrong',
            0,
            1,
            {'previous': other, 'ledger': other, 'time': 0},
            none,
        ),
        ('chain-ledger', 'another ledger', 0, 1, {'ledger': other}, header.LIMITS),
        (
            'chain-ledger',
            'another ledger and everything after wrong',
            0,
            1,
            {'ledger': other, 'time': 0},
            none,
        ),
        ('chain-time', 'a second earlier', 0, 1, {'time': 1699999999}, header.LIMITS),
        ('chain-time', 'earlier, and over the limits', 0, 1, {'time': 0}, none),
        ('chain-limits', 'more messages than the ledger takes', 0, 1, {}, none),
        ('chain-limits', 'more bytes than the ledger takes', 0, 1, {}, {**small, 'blockBytes': 499}),
    )
    made = []
    for code, name, low, high, changes, allowed in cases:
        first = canonical.write(zero(founding=founding(limits=allowed)))
        lower = linked(first, first, low) if low else first
        upper = linked(first, lower, high, **changes)
        expect(
            None if code == 'ok' else code, header.check_link, lower, upper, header.ledger_id(first), allowed
        )
        case = {
            'name': name,
            'code': code,
            'founding': first.decode(),
            'lower': lower.decode(),
            'upper': upper.decode(),
        }
        made.append(case)
    return made


def _bodies() -> tuple:
    """Bodies that can be cut, and what refuses to be; the leaves are any bytes."""
    whole = header.compose_body(
        [(b'leaf one', b'data'), (b'leaf two', b''), (b'x', None), (fixed('leaf', 300), b'\x00')]
    )
    longest = header.compose_body([(b'\x00' * MAX_LEAF, None)])
    cut = []
    for name, data, count in (
        ('four messages', whole, 4),
        ('the longest leaf', longest, 1),
        ('nothing', b'', 0),
    ):
        pairs = header.cut_body(data, count, len(data))
        shown = [{'leaf': packed(leaf), 'data': None if rest is None else rest.hex()} for leaf, rest in pairs]
        cut.append({'name': name, 'body': packed(data), 'messages': shown})
    cut[0]['cuts'] = cuts(whole, lambda data: header.cut_body(data, 4, 4096))
    refused = []
    for code, name, data, count, limit in (
        ('body-too-long', 'one byte over the limit of the ledger', whole, 4, len(whole) - 1),
        ('body-too-long', 'over the limit, and no body', b'\xff' * 10, 1, 9),
        ('body-truncated', 'three bytes', b'\x00\x00\x00', 1, 100),
        ('body-truncated', 'leaf length alone', u32(8), 1, 100),
        ('body-truncated', 'leaf cut', u32(8) + b'leaf on', 1, 100),
        ('body-truncated', 'no data length', u32(8) + b'leaf one', 1, 100),
        ('body-truncated', 'data cut', u32(8) + b'leaf one' + u32(2) + b'd', 1, 100),
        ('body-leaf', 'leaf of no bytes', u32(0) + u32(0), 1, 100),
        ('body-leaf', 'leaf one byte over', u32(MAX_LEAF + 1), 1, 100),
        ('body-leaf', 'leaf of 2^32 - 1', b'\xff\xff\xff\xff', 1, 100),
        ('body-data', 'data one byte over', u32(1) + b'x' + u32(MAX_DATA + 1), 1, 100),
        ('body-data', 'data of 2^32 - 2', u32(1) + b'x' + u32(2**32 - 2), 1, 100),
        ('body-count', 'one message fewer', whole, 5, 4096),
        ('body-count', 'one message more', whole, 3, 4096),
        ('body-count', 'no messages', b'', 1, 100),
        ('body-count', 'bytes after the last message that are none', whole + b'\xff', 4, 4096),
        ('body-count', 'a leaf of no bytes after the last message', whole + u32(0) + u32(0), 4, 4096),
    ):
        expect(code, header.cut_body, data, count, limit)
        refused.append({'name': name, 'code': code, 'body': packed(data), 'count': count, 'limit': limit})
    return cut, refused


def vectors() -> dict:
    cut, refused = _bodies()
    return {
        'spec': 'docs/spec/blocks.md',
        'headers': _headers(),
        'refusedHeaders': _refused(),
        'links': _links(),
        'bodies': cut,
        'refusedBodies': refused,
    }
