"""envelope.json: messages, their ids, what parsing and verifying refuse; the file record."""

from __future__ import annotations

from countersign import canonical, ed25519
from countersign import envelope as env
from countersign.common import MAX_INTEGER, MAX_TIME, sha256, u8, u32

from ._render import cuts, expect, fixed, packed, sweep

LEDGER = fixed('envelope ledger')
LIMITS = {'headBytes': 65535, 'dataBytes': 16777216}
NOTE = 'text/vnd.example.note'
SEED = fixed('envelope seed')


def head(**changes: object) -> dict:
    members = env.head_of(LEDGER, fixed('envelope nonce', 16), {'text': 'hello'}, [], 1700000000)
    members.update(changes)
    return members


def without(name: str) -> dict:
    return {key: value for key, value in head().items() if key != name}


def tags(count: int) -> list:
    return sorted(fixed(f'envelope tag {number}') for number in range(count))


def leaf_of(members: object, data: bytes = b'', kind: str = NOTE) -> env.Leaf:
    return env.compose(SEED, kind, members if isinstance(members, bytes) else canonical.write(members), data)


def nested(depth: int) -> list:
    return [nested(depth - 1)] if depth > 1 else []


GOOD = (
    ('plain', NOTE, head(), b''),
    ('with data', NOTE, head(), b'terms of the agreement\n'),
    ('one tag', NOTE, head(tags=[tag.hex() for tag in tags(1)]), b''),
    ('eight tags', NOTE, head(tags=[tag.hex() for tag in tags(8)]), b''),
    ('lowest and highest tag', NOTE, head(tags=['00' * 32, 'ff' * 32]), b''),
    ('empty body', NOTE, head(body={}), b''),
    ('body with everything', NOTE, head(body={'a': [1, None, True, {'b': '\u00e9\n'}]}), b'\x00\xff'),
    ('time 0', NOTE, head(time=0), b''),
    ('last time', NOTE, head(time=MAX_TIME), b''),
    ('highest v', NOTE, head(v=MAX_INTEGER), b''),
    ('type of one character', 'a', head(), b''),
    ('type of one digit', '0', head(), b''),
    ('type of 127 characters', 'x' * 127, head(), b''),
    ('type with every sign', 'a._+/-z', head(), b''),
    ('body fifteen deep', NOTE, head(body={'a': nested(14)}), b''),
)


def _good() -> list:
    cases = []
    for name, kind, members, data in GOOD:
        leaf = env.compose(SEED, kind, members, data)
        found = env.parse_leaf(leaf.bytes)
        env.verify(found, LEDGER, LIMITS, data)
        assert found.id == leaf.id and found.head == members
        cases.append(
            {
                'name': name,
                'seed': SEED.hex(),
                'sender': leaf.sender.hex(),
                'type': kind,
                'head': members,
                'data': data.hex(),
                'dataHash': leaf.data_hash.hex(),
                'signedBytes': leaf.signed_bytes.hex(),
                'id': leaf.id.hex(),
                'signature': leaf.signature.hex(),
                'leaf': leaf.bytes.hex(),
                'wire': (leaf.bytes + data).hex(),
            }
        )
    return cases


def _limits() -> list:
    """Leaves at the limits: (name, packed leaf, id, lengths)."""
    filler = 65535 - len(canonical.write(head(body={'x': ''})))
    big = leaf_of(head(body={'x': 'x' * filler}))
    data = bytes(16777216)
    most = leaf_of(head(), data)
    longest = leaf_of(head(body={'x': 'x' * filler}), data, 'y' * 127)
    cases = []
    for name, leaf in (('longest head', big), ('most data', most), ('longest leaf', longest)):
        assert env.parse_leaf(leaf.bytes).id == leaf.id
        case = {'name': name, 'leaf': packed(leaf.bytes), 'id': leaf.id.hex(), 'leafLength': len(leaf.bytes)}
        cases.append({**case, 'headLength': len(leaf.head_bytes), 'dataLength': leaf.data_length})
    return cases


def raw(
    kind: bytes = b'text/plain', version: int = 1, head_length: int | None = None, data_length: int = 0
) -> bytes:
    """A leaf put together by hand, its signature made of zeros."""
    members = canonical.write(head())
    length = len(members) if head_length is None else head_length
    front = u8(len(kind)) + kind + u8(version) + ed25519.public_key(SEED) + u32(length)
    return front + members + u32(data_length) + sha256() + bytes(64)


def _refused() -> list:
    good = leaf_of(head()).bytes
    many = [tag.hex() for tag in tags(9)]
    two = [tag.hex() for tag in tags(2)]
    cases = [
        ('envelope-too-long', 'longer than any leaf', bytes(65801)),
        ('envelope-truncated', 'nothing', b''),
        ('envelope-truncated', 'the type alone', good[:22]),
        ('envelope-truncated', 'without its last byte', good[:-1]),
        ('envelope-truncated', 'head longer than what follows', raw(head_length=65535)),
        ('envelope-type', 'type of no characters', raw(kind=b'')),
        ('envelope-type', 'type of 128 characters', raw(kind=b'a' * 128)),
        ('envelope-type', 'type length above all, nothing after', b'\xff'),
        ('envelope-version', 'version 0', raw(version=0)),
        ('envelope-version', 'version 2', raw(version=2)),
        ('envelope-version', 'version 2 and cut after it', raw(version=2)[:12]),
        ('envelope-head-too-long', 'head one byte over', raw(head_length=65536)),
        ('envelope-head-too-long', 'head of 2^32 - 1', raw(head_length=2**32 - 1)),
        ('envelope-head-too-long', 'head too long and cut there', raw(head_length=65536)[:48]),
        ('envelope-data-too-long', 'data one byte over', raw(data_length=16777217)),
        ('envelope-data-too-long', 'data of 2^32 - 1', raw(data_length=2**32 - 1)),
        ('envelope-trailing', 'one byte after', good + b'\x00'),
        ('envelope-trailing', 'itself twice', good + good),
        ('envelope-trailing', 'a byte after, and a head that is no JSON', leaf_of(b'{').bytes + b'\x00'),
    ]
    for name, kind in (
        ('an upper-case letter', b'Text/plain'),
        ('a space', b'text plain'),
        ('a first character that is a point', b'.text'),
        ('a first character that is a hyphen', b'-'),
        ('a first character that is a solidus', b'/a'),
        ('a colon', b'a:b'),
        ('a semicolon', b'text/plain;charset=utf-8'),
        ('a newline at the end', b'text\n'),
        ('a null byte', b'text\x00'),
        ('a byte that is not ASCII', b'text\xff'),
    ):
        cases.append(('envelope-type', 'type with ' + name, raw(kind=kind)))
    heads = [
        ('json-syntax', 'empty head', b''),
        ('json-syntax', 'head with white space', canonical.write(head()) + b'\n'),
        ('json-not-utf8', 'head that is not UTF-8', b'{"a":"\xff"}'),
        ('json-unsorted', 'head with members out of order', b'{"v":1,"body":{}}'),
        ('json-duplicate-name', 'head with a member twice', b'{"body":{},"body":{}}'),
        ('json-number', 'head with a fraction', b'{"body":1.0}'),
        ('json-string', 'head with an escaped letter', b'{"\\u0062ody":{}}'),
        (
            'json-too-deep',
            'body sixteen deep',
            canonical.write(head(body=0)).replace(b'0', b'[' * 16 + b']' * 16, 1),
        ),
        ('head-members', 'head that is an array', b'[]'),
        ('head-members', 'head that is a string', b'"head"'),
        ('head-members', 'head that is null', b'null'),
        ('head-members', 'head without members', b'{}'),
        ('head-members', 'unknown member', head(extra=1)),
        ('head-members', 'member named __proto__', head(__proto__={})),
        ('head-members', 'member missing and another wrong', {**without('v'), 'time': 'now'}),
        ('head-value', 'body that is an array', head(body=[])),
        ('head-value', 'body that is null', head(body=None)),
        ('head-value', 'body that is a string', head(body='')),
        ('head-value', 'ledger too short', head(ledger='00' * 31)),
        ('head-value', 'ledger too long', head(ledger='00' * 33)),
        ('head-value', 'ledger in upper case', head(ledger='AB' * 32)),
        ('head-value', 'ledger that is null', head(ledger=None)),
        ('head-value', 'nonce of 15 bytes', head(nonce='00' * 15)),
        ('head-value', 'nonce of 32 bytes', head(nonce='00' * 32)),
        ('head-value', 'nonce that is no hexadecimal', head(nonce='0g' * 16)),
        ('head-value', 'tags that are an object', head(tags={})),
        ('head-value', 'tags that are null', head(tags=None)),
        ('head-value', 'tag that is a number', head(tags=[1])),
        ('head-value', 'tag of 31 bytes', head(tags=['00' * 31])),
        ('head-value', 'tag in upper case', head(tags=['AA' * 32])),
        ('head-value', 'time below 0', head(time=-1)),
        ('head-value', 'time after the year 9999', head(time=MAX_TIME + 1)),
        ('head-value', 'time as a string', head(time='1700000000')),
        ('head-value', 'time that is null', head(time=None)),
        ('head-value', 'v 0', head(v=0)),
        ('head-value', 'v below 0', head(v=-1)),
        ('head-value', 'v that is true', head(v=True)),
        ('head-value', 'v 0 and tags out of order', head(v=0, tags=two[::-1])),
        ('head-value', 'nine tags, one of 31 bytes', head(tags=['00' * 31] + many[1:])),
        ('head-tags', 'nine tags', head(tags=many)),
        ('head-tags', 'tags out of order', head(tags=two[::-1])),
        ('head-tags', 'a tag twice', head(tags=[two[0], two[0]])),
        ('head-tags', 'a tag twice, apart', head(tags=[two[0], two[1], two[0]])),
    ]
    heads += [('head-members', name + ' missing', without(name)) for name in sorted(head())]
    cases += [(code, name, leaf_of(members).bytes) for code, name, members in heads]
    made = []
    for code, name, data in cases:
        made.append({'name': name, 'code': expect(code, env.parse_leaf, data), 'leaf': packed(data)})
    return made


def _refused_wires() -> list:
    data = b'terms of the agreement\n'
    leaf = leaf_of(head(), data)
    wire = leaf.bytes + data
    broken = leaf_of(b'[', data).bytes + data
    made = []
    for code, name, whole in (
        ('envelope-truncated', 'nothing', b''),
        ('envelope-truncated', 'no data', leaf.bytes),
        ('envelope-truncated', 'last byte of the data missing', wire[:-1]),
        ('envelope-truncated', 'data cut, and a head that is no JSON', broken[:-1]),
        ('envelope-trailing', 'a byte after the data', wire + b'\x00'),
        ('envelope-trailing', 'a byte after no data', leaf_of(head()).bytes + b'\x00'),
        ('json-syntax', 'a head that is no JSON', broken),
        ('head-members', 'a head that is an array', leaf_of(b'[]', data).bytes + data),
        ('envelope-data-too-long', 'data one byte over', raw(data_length=16777217)),
        ('envelope-too-long', 'longer than any', bytes(65800 + 16777216 + 1)),
    ):
        made.append({'name': name, 'code': expect(code, env.parse_wire, whole), 'wire': packed(whole)})
    return made


def _verified() -> list:
    data = b'terms of the agreement\n'
    leaf = leaf_of(head(), data)
    other = fixed('another ledger')
    resigned = leaf_of(head(), data)
    resigned.signature = ed25519.sign(fixed('another seed'), leaf.signed_bytes)
    borrowed = leaf_of(head(), data)
    borrowed.sender = ed25519.public_key(fixed('another seed'))
    retyped = leaf_of(head(), data)
    retyped.type = 'text/vnd.example.other'
    small = env.Leaf(
        NOTE, bytes([1]) + bytes(31), canonical.write(head()), 0, sha256(), bytes([1]) + bytes(63)
    )
    shifted = leaf_of(head(), data)
    s = int.from_bytes(shifted.signature[32:], 'little') + ed25519.L
    shifted.signature = shifted.signature[:32] + s.to_bytes(32, 'little')
    length = len(leaf.head_bytes)
    cases = (
        ('ok', 'with its data', leaf, LEDGER, {}, data),
        ('ok', 'without its data', leaf, LEDGER, {}, None),
        (
            'ok',
            'at the limits of the ledger',
            leaf,
            LEDGER,
            {'headBytes': length, 'dataBytes': len(data)},
            data,
        ),
        (
            'envelope-head-too-long',
            'head over the limit of the ledger',
            leaf,
            LEDGER,
            {'headBytes': length - 1},
            data,
        ),
        ('envelope-data-too-long', 'data over the limit', leaf, LEDGER, {'dataBytes': len(data) - 1}, data),
        (
            'envelope-data-too-long',
            'absent data over the limit',
            leaf,
            LEDGER,
            {'dataBytes': len(data) - 1},
            None,
        ),
        ('envelope-head-too-long', 'both over', leaf, LEDGER, {'headBytes': 1, 'dataBytes': 1}, data),
        (
            'envelope-data-too-long',
            'over the limit and for another ledger',
            leaf,
            other,
            {'dataBytes': 1},
            data,
        ),
        ('head-ledger', 'for another ledger', leaf, other, {}, data),
        ('head-ledger', 'for another ledger and signed by another key', resigned, other, {}, data),
        ('envelope-signature', 'signed by another key', resigned, LEDGER, {}, data),
        ('envelope-signature', 'under another sender key', borrowed, LEDGER, {}, data),
        ('envelope-signature', 'under another payload type', retyped, LEDGER, {}, data),
        ('envelope-signature', 'sender key of small order', small, LEDGER, {}, b''),
        ('envelope-signature', 'S + L', shifted, LEDGER, {}, data),
        ('envelope-signature', 'signed by another key, other data', resigned, LEDGER, {}, b'x'),
        ('envelope-data', 'other data of the same length', leaf, LEDGER, {}, data[:-1] + b'!'),
        ('envelope-data', 'data cut', leaf, LEDGER, {}, data[:-1]),
        ('envelope-data', 'no data where some is named', leaf, LEDGER, {}, b''),
        ('envelope-data', 'data where none is named', leaf_of(head()), LEDGER, {}, b'x'),
    )
    made = []
    for code, name, item, ledger, limits, payload in cases:
        limits = {**LIMITS, **limits}
        parsed = env.parse_leaf(item.bytes)
        expect(None if code == 'ok' else code, env.verify, parsed, ledger, limits, payload)
        case = {
            'name': name,
            'code': code,
            'leaf': item.bytes.hex(),
            'ledger': ledger.hex(),
            'limits': limits,
        }
        made.append({**case, 'data': None if payload is None else payload.hex()})
    return made


def _records() -> list:
    file, salt = b'a file\n', fixed('record salt')
    made = []
    for method, value in (('salted', env.record_value(file, salt)), ('public', env.record_value(file, None))):
        body, tag = {'method': method, 'value': value.hex()}, env.record_tag(value).hex()
        other = sorted([tag, fixed('other tag').hex()])
        cases = [
            ('ok', method, body, [tag]),
            ('ok', method + ', another tag too', body, other),
            ('record-members', method + ', value missing', {'method': method}, [tag]),
            ('record-members', method + ', method missing', {'value': value.hex()}, [tag]),
            ('record-members', method + ', surplus member', {**body, 'salt': salt.hex()}, [tag]),
            ('record-members', method + ', no members', {}, []),
            ('record-value', method + ', value too short', {**body, 'value': value.hex()[:-2]}, [tag]),
            ('record-value', method + ', value in upper case', {**body, 'value': value.hex().upper()}, [tag]),
            ('record-value', method + ', value that is null', {**body, 'value': None}, [tag]),
            ('record-value', method + ', unknown method', {**body, 'method': 'secret'}, [tag]),
            ('record-value', method + ', method that is a list', {**body, 'method': [method]}, [tag]),
            ('record-value', method + ', unknown method and no tag', {**body, 'method': ''}, []),
            ('record-tag', method + ', no tag', body, []),
            ('record-tag', method + ', another tag', body, [fixed('other tag').hex()]),
            ('record-tag', method + ', the value itself as the tag', body, [value.hex()]),
        ]
        for code, name, members, wanted in cases:
            leaf = env.parse_leaf(leaf_of(head(body=members, tags=wanted), b'', env.RECORD_TYPE).bytes)
            expect(None if code == 'ok' else code, env.read_record, leaf)
            made.append({'name': name, 'code': code, 'leaf': leaf.bytes.hex()})
            if name == method:
                made[-1].update({'file': file.hex(), 'salt': salt.hex() if method == 'salted' else None})
                made[-1].update({'method': method, 'value': value.hex(), 'tag': tag})
    return made


def vectors() -> dict:
    data = b'data'
    leaf = leaf_of(head(tags=[tag.hex() for tag in tags(2)]), data)

    def judged(changed: bytes) -> None:
        env.verify(env.parse_leaf(changed), LEDGER, LIMITS, data)

    return {
        'spec': 'docs/spec/envelope.md',
        'leaves': _good(),
        'limits': _limits(),
        'refusedLeaves': _refused(),
        'refusedWires': _refused_wires(),
        'verified': _verified(),
        'changed': [
            {
                'name': 'every byte of a leaf, parsed and then verified for the ledger with the data',
                'leaf': leaf.bytes.hex(),
                'ledger': LEDGER.hex(),
                'data': data.hex(),
                'sweep': sweep(leaf.bytes, judged),
                'cuts': cuts(leaf.bytes, judged),
            }
        ],
        'records': _records(),
    }
