"""tags.json: leaves of the tag index and of roll-ups, building them, presence and absence."""

from __future__ import annotations

from countersign import tagindex as ti
from countersign.common import MAX_INTEGER, NONE_HEIGHT, unb64

from ._render import expect, fixed, sweep

TAG = fixed('tags tag')


def leaf(previous: int = NONE_HEIGHT, total: int = 1, indices: tuple = (0,), own: int = ti.NO_OWN) -> bytes:
    return ti.Entry(TAG, previous, total, list(indices), own).bytes


def shown(entry: ti.Entry) -> dict:
    """The members of a leaf; a previous height of 'none' and no own index are null."""
    return {
        'tag': entry.tag.hex(),
        'previous': None if entry.previous == NONE_HEIGHT else entry.previous,
        'total': entry.total,
        'own': None if entry.own == ti.NO_OWN else entry.own,
        'count': entry.count,
    }


def _leaves() -> list:
    cases = (
        ('first message with the tag', 1, leaf()),
        ('two messages, first block with the tag', 1, leaf(total=2, indices=(3, 9))),
        ('its own tag', 1, leaf(own=0)),
        ('its own tag among others', 1, leaf(total=3, indices=(1, 4, 7), own=4)),
        ('the most messages', 1, ti.Entry(TAG, NONE_HEIGHT, 65536, range(65536)).bytes),
        ('an own index that no list can be known to have', 1, leaf(own=2**32 - 2)),
        ('after the block below', 9, leaf(previous=8, total=2)),
        ('after block 0', 9, leaf(previous=0, total=100)),
        ('highest index', 9, leaf(indices=(2**32 - 1,))),
        ('highest total', 9, leaf(previous=1, total=MAX_INTEGER)),
        ('highest previous', MAX_INTEGER, leaf(previous=MAX_INTEGER - 1, total=2)),
        ('a hundred messages', 700, leaf(previous=3, total=170, indices=tuple(range(0, 300, 3)))),
    )
    made = []
    for name, height, data in cases:
        entry = ti.parse_entry(data, height)
        assert entry.bytes == data
        listed = {'hash': entry.list_hash.hex()}
        made.append({'name': name, 'height': height, 'leaf': data.hex(), **shown(entry), **listed})
    return made


def _lists() -> tuple:
    good, refused = [], []
    for name, own, indices in (
        ('one message', ti.NO_OWN, (0,)),
        ('the message itself', 7, (7,)),
        ('the message itself among others', 4, (1, 4, 7)),
        ('highest index', ti.NO_OWN, (2**32 - 1,)),
        ('a hundred messages', ti.NO_OWN, tuple(range(0, 300, 3))),
    ):
        entry = ti.Entry(TAG, NONE_HEIGHT, len(indices), list(indices), own)
        assert ti.parse_list(entry.list, ti.parse_entry(entry.bytes, 9)) == list(indices)
        case = {'name': name, 'height': 9, 'leaf': entry.bytes.hex(), 'list': entry.list.hex()}
        good.append({**case, 'indices': list(indices)})
    for code, name, own, count, indices in (
        ('tag-count', 'nothing', ti.NO_OWN, 1, ()),
        ('tag-count', 'an index too few', ti.NO_OWN, 3, (2, 4)),
        ('tag-count', 'an index too many', ti.NO_OWN, 1, (2, 4)),
        ('tag-count', 'an index too few, out of order and own not listed', 7, 3, (4, 2)),
        ('tag-order', 'indices out of order', ti.NO_OWN, 2, (4, 2)),
        ('tag-order', 'an index twice', ti.NO_OWN, 2, (4, 4)),
        ('tag-order', 'out of order and own not listed', 7, 2, (4, 2)),
        ('tag-own', 'own index that is not listed', 1, 1, (0,)),
        ('tag-own', 'own index one below none', 2**32 - 2, 1, (0,)),
    ):
        entry = ti.Entry(TAG, NONE_HEIGHT, count, list(indices), own, count)
        refused.append(_refused_list(code, name, entry.bytes, entry.list))
    entry = ti.Entry(TAG, NONE_HEIGHT, 2, [4, 2], 7)
    refused.append(_refused_list('tag-list', 'of another leaf', entry.bytes, leaf_list(0, 1)))
    refused.append(_refused_list('tag-list', 'nothing, of another leaf', entry.bytes, b''))
    refused.append(_refused_list('tag-list', 'a byte more', entry.bytes, entry.list + b'\x00'))
    refused.append(_refused_list('tag-list', 'a byte fewer', entry.bytes, entry.list[:-1]))
    return good, refused


def leaf_list(*indices: int) -> bytes:
    return ti.Entry(TAG, NONE_HEIGHT, 1, list(indices)).list


def _refused_list(code: str, name: str, data: bytes, shown_list: bytes) -> dict:
    expect(code, ti.parse_list, shown_list, ti.parse_entry(data, 9))
    return {'name': name, 'code': code, 'height': 9, 'leaf': data.hex(), 'list': shown_list.hex()}


def _files() -> list:
    """Index files as they are served, against the header's count and root."""
    made = []
    tags = spaced(4)
    entries = [ti.Entry(tag, NONE_HEIGHT, number, list(range(number))) for number, tag in enumerate(tags, 1)]
    whole, commitment = ti.file_of(entries), _commitment(entries)
    first = len(ti.file_of(entries[:1]))
    lists = [ti.Entry(tags[0], NONE_HEIGHT, 2, [1, 0])]
    short = [ti.Entry(tags[0], NONE_HEIGHT, 2, [0], count=2), *entries[1:]]
    turned, twice = [entries[1], entries[0], *entries[2:]], [entries[0], *entries[:3]]
    for code, name, data, committed in (
        ('ok', 'four leaves', whole, commitment),
        ('ok', 'none', b'', _commitment([])),
        ('tag-proof', 'bytes where there are none', b'\x00', _commitment([])),
        ('tag-proof', 'bytes after the last leaf', whole + b'\x00', commitment),
        ('tag-proof', 'a leaf fewer', ti.file_of(entries[:-1]), commitment),
        ('tag-proof', 'nothing', b'', commitment),
        ('tag-proof', 'another root', whole, {**commitment, 'root': '00' * 32}),
        ('tag-length', 'the end inside a leaf', whole[: first + 87], commitment),
        ('tag-length', 'the end inside a list', whole[:-1], commitment),
        ('tag-length', 'the end before a list', whole[:88], commitment),
        ('tag-list', 'another index', whole[:88] + b'\x00\x00\x00\x01' + whole[92:], commitment),
        ('tag-list', 'a list that is shorter than its count', ti.file_of(short), _commitment(short)),
        ('tag-count', 'a count of 0', whole[:55] + b'\x00' + whole[56:], commitment),
        ('tag-order', 'a list out of order', ti.file_of(lists), _commitment(lists)),
        ('tag-sorted', 'leaves exchanged', ti.file_of(turned), _commitment(turned)),
        ('tag-sorted', 'a leaf twice', ti.file_of(twice), _commitment(twice)),
    ):
        expect(None if code == 'ok' else code, ti.parse_file, data, committed, 9)
        made.append({'name': name, 'code': code, 'height': 9, 'file': data.hex(), 'index': committed})
    return made


def _commitment(entries: list) -> dict:
    return ti.Side([entry.bytes for entry in entries]).commitment()


def _refused_leaves() -> list:
    good = leaf(previous=3, total=5, indices=(2, 4))
    many = ti.Entry(TAG, NONE_HEIGHT, 65537, [0], count=65537).bytes
    huge = ti.Entry(TAG, NONE_HEIGHT, 2**32 - 1, [0], count=2**32 - 1).bytes
    cases = (
        ('tag-length', 'nothing', 9, b''),
        ('tag-length', 'one byte too few', 9, good[:-1]),
        ('tag-length', 'one byte too many', 9, good + b'\x00'),
        ('tag-length', 'with its list', 9, good + leaf_list(2, 4)),
        ('tag-count', 'no messages', 9, leaf(total=0, indices=())),
        ('tag-count', '65,537 messages', 9, many),
        ('tag-count', '2^32 - 1 messages', 9, huge),
        ('tag-count', 'no messages, previous and total wrong', 9, leaf(9, 0, ())),
        ('tag-previous', 'previous is the block itself', 9, leaf(previous=9, total=2)),
        ('tag-previous', 'previous above the block', 9, leaf(previous=10, total=2)),
        ('tag-previous', 'previous one below none', 9, leaf(previous=NONE_HEIGHT - 1, total=2)),
        ('tag-previous', 'previous of 2^53', 9, leaf(previous=2**53, total=2)),
        ('tag-previous', 'previous and total wrong', 9, leaf(previous=9, total=0)),
        ('tag-total', 'total 0', 9, leaf(total=0)),
        ('tag-total', 'total lower than the count', 9, leaf(previous=3, total=1, indices=(0, 1))),
        ('tag-total', 'no previous, and a total above the count', 9, leaf(total=2)),
        ('tag-total', 'a previous, and a total of the count', 9, leaf(previous=3, total=1)),
        ('tag-total', 'total of 2^53', 9, leaf(previous=3, total=2**53)),
        ('tag-total', 'total of 2^64 - 1', 9, leaf(previous=3, total=2**64 - 1)),
    )
    made = []
    for code, name, height, data in cases:
        made.append({'name': name, 'code': expect(code, ti.parse_entry, data, height), 'height': height})
        made[-1]['leaf'] = data.hex()
    return made


def rollup(last: int, total: int) -> bytes:
    return ti.RollupEntry(TAG, last, total).bytes


def _rollup_leaves() -> tuple:
    good, refused = [], []
    for name, height, level, data in (
        ('first block of the span', 512, 1, rollup(256, 1)),
        ('last block of the span', 512, 1, rollup(511, 7)),
        ('block 1', 256, 1, rollup(1, 1)),
        ('first block of a long span', 131072, 2, rollup(65536, 2)),
        ('last block of a long span', 65536, 2, rollup(65535, MAX_INTEGER)),
    ):
        entry = ti.parse_rollup_entry(data, height, level)
        case = {'name': name, 'height': height, 'level': level, 'leaf': data.hex(), 'tag': TAG.hex()}
        good.append({**case, 'last': entry.last, 'total': entry.total})
    for code, name, height, level, data in (
        ('rollup-length', 'nothing', 512, 1, b''),
        ('rollup-length', 'one byte too few', 512, 1, rollup(256, 1)[:-1]),
        ('rollup-length', 'one byte too many', 512, 1, rollup(256, 1) + b'\x00'),
        ('rollup-height', 'one below the span', 512, 1, rollup(255, 1)),
        ('rollup-height', 'one above the span', 512, 1, rollup(512, 1)),
        ('rollup-height', 'none', 512, 1, rollup(NONE_HEIGHT, 1)),
        ('rollup-height', 'one below a long span', 131072, 2, rollup(65535, 1)),
        ('rollup-height', 'in the long span, not in the short one', 131072, 1, rollup(65536, 1)),
        ('rollup-height', 'height and total wrong', 512, 1, rollup(512, 0)),
        ('rollup-total', 'total 0', 512, 1, rollup(256, 0)),
        ('rollup-total', 'total of 2^53', 512, 1, rollup(256, 2**53)),
    ):
        expect(code, ti.parse_rollup_entry, data, height, level)
        refused.append({'name': name, 'code': code, 'height': height, 'level': level, 'leaf': data.hex()})
    return good, refused


def _indexes() -> list:
    """Tag indexes from the ids and tags of the messages of consecutive blocks."""
    ids = [fixed(f'index id {number}') for number in range(7)]
    a, b, c = (fixed(f'index tag {name}') for name in 'abc')
    blocks = (
        ('one message without tags', [(ids[0], [])]),
        ('tags seen first', [(ids[1], [a]), (ids[2], [a, b])]),
        ('tags seen before, one in no message', [(ids[3], [b, c]), (ids[4], [c]), (ids[5], [b])]),
        ('a message that carries the id of one before as its tag', [(ids[6], [a, ids[0]])]),
    )
    state, made = {}, []
    for height, (name, messages) in enumerate(blocks, 1):
        full = [(own, sorted({own, *tags})) for own, tags in messages]
        entries = ti.index_of(full, state, height)
        side = ti.Side([entry.bytes for entry in entries])
        shown_messages = [
            {'id': own.hex(), 'tags': sorted(tag.hex() for tag in tags)} for own, tags in messages
        ]
        case = {'name': name, 'height': height, 'messages': shown_messages, 'file': ti.file_of(entries).hex()}
        made.append({**case, 'leaves': [item.hex() for item in side.leaves], **side.commitment()})
    return made


HEIGHT = 40


def index_leaves(tags: list) -> list:
    return [ti.Entry(tag, NONE_HEIGHT, 1, [number]).bytes for number, tag in enumerate(sorted(tags))]


def rollup_leaves(tags: list) -> list:
    return [ti.RollupEntry(tag, 300 + number, 9).bytes for number, tag in enumerate(sorted(tags))]


def read(proof: dict) -> dict:
    """A presence proof in JSON form, its parts as bytes."""
    path = [bytes.fromhex(item) for item in proof['path']]
    return {'index': proof['index'], 'leaf': unb64(proof['leaf']), 'path': path}


def spaced(count: int) -> list:
    """Tags with room below, between and above them."""
    return [bytes([16 + 8 * number]) + fixed(f'spaced {number}', 31) for number in range(count)]


def _presences() -> list:
    made = []
    parse = lambda data: ti.parse_entry(data, HEIGHT)  # noqa: E731
    for size in (1, 2, 3, 7, 8):
        tags = spaced(size)
        side = ti.Side(index_leaves(tags))
        cases = []
        for index, tag in enumerate(tags):
            cases.append(('ok', f'leaf {index} of {size}', tag, side.presence(index)))
        last = side.presence(size - 1)
        cases.append(('tag-other', f'another tag, {size} leaves', fixed('other'), last))
        cases.append(
            (
                'tag-proof',
                f'a hash too many, {size} leaves',
                tags[-1],
                {**last, 'path': last['path'] + ['00' * 32]},
            )
        )
        cases.append(('tag-proof', f'position {size} of {size}', tags[-1], {**last, 'index': size}))
        broken = ti.Side([b'\x00' * 87] + side.leaves[1:]).presence(0)
        cases.append(('tag-length', f'a leaf that is none, {size} leaves', tags[0], broken))
        if size > 1:
            cases.append(('tag-proof', f'another position, {size} leaves', tags[-1], {**last, 'index': 0}))
            cases.append(
                ('tag-proof', f'a hash too few, {size} leaves', tags[-1], {**last, 'path': last['path'][1:]})
            )
            changed = {**last, 'path': ['00' * 32] + last['path'][1:]}
            cases.append(('tag-proof', f'another hash, {size} leaves', tags[-1], changed))
            cases.append(
                ('tag-other', f'another tag and a wrong path, {size} leaves', fixed('other'), changed)
            )
            forged = ti.Side(index_leaves([tags[0], *spaced(9)[8:]])).presence(0)
            cases.append(('tag-proof', f'a leaf of another index, {size} leaves', tags[0], forged))
        for code, name, tag, proof in cases:
            expect(
                None if code == 'ok' else code, ti.check_presence, read(proof), side.commitment(), tag, parse
            )
            case = {
                'name': name,
                'code': code,
                'height': HEIGHT,
                'index': side.commitment(),
                'tag': tag.hex(),
            }
            made.append({**case, 'proof': proof})
    return made


def _absences(kind: str) -> list:
    height = HEIGHT if kind == 'index' else 512
    parse = (
        (lambda data: ti.parse_entry(data, height))
        if kind == 'index'
        else (lambda data: ti.parse_rollup_entry(data, height, 1))
    )
    leaves_of = index_leaves if kind == 'index' else rollup_leaves
    made = []
    for size in (0, 1, 2, 3, 6, 8) if kind == 'index' else (1, 5):
        tags = spaced(size)
        side = ti.Side(leaves_of(tags))
        low, high = b'\x00' * 32, b'\xff' * 32
        cases = [('ok', 'below all', low, side.absence(low)), ('ok', 'above all', high, side.absence(high))]
        for left in range(size - 1):
            between = (
                tags[left][:31] + bytes([0xFF])
                if tags[left][31] < 0xFF
                else tags[left + 1][:1] + b'\x00' * 31
            )
            cases.append(('ok', f'between {left} and {left + 1}', between, side.absence(between)))
        if size == 0:
            other = ti.Side(leaves_of(spaced(1)))
            cases.append(('tag-proof', 'right, where there are none', low, {'right': other.presence(0)}))
            cases.append(('absence-gap', 'left, where there are none', low, {'left': other.presence(0)}))
        if size >= 1:
            first, last = side.presence(0), side.presence(size - 1)
            cases.append(('absence-gap', 'nothing given', low, {}))
            cases.append(('absence-order', 'the first leaf itself', tags[0], {'right': first}))
            cases.append(('absence-order', 'the last leaf itself', tags[-1], {'left': last}))
            cases.append(('absence-order', 'above, said to be below', high, {'right': first}))
            cases.append(('absence-order', 'below, said to be above', low, {'left': last}))
            cases.append(('tag-proof', 'a path too long', low, {'right': {**first, 'path': ['00' * 32] * 9}}))
            cases.append(('absence-gap', 'the same leaf on both sides', low, {'left': first, 'right': first}))
            code = 'tag-length' if kind == 'index' else 'rollup-length'
            cases.append((code, 'a leaf that is none', low, {'right': {**first, 'leaf': 'AAAA'}}))
        if size >= 2:
            left, right = side.presence(0), side.presence(1)
            middle = tags[0][:1] + b'\xff' * 31
            cases.append(('absence-gap', 'right alone, not the first', low, {'right': right}))
            cases.append(('absence-gap', 'left alone, not the last', high, {'left': left}))
            cases.append(('absence-gap', 'sides exchanged', middle, {'left': right, 'right': left}))
            cases.append(('absence-order', 'left leaf itself', tags[0], {'left': left, 'right': right}))
            cases.append(('absence-order', 'right leaf itself', tags[1], {'left': left, 'right': right}))
            cases.append(('absence-order', 'below both', low, {'left': left, 'right': right}))
            cases.append(('absence-order', 'above both', high, {'left': left, 'right': right}))
            wrong = {**left, 'path': ['00' * 32] * len(left['path'])}
            cases.append(('tag-proof', 'left path wrong', middle, {'left': wrong, 'right': right}))
            cases.append(
                (
                    'tag-proof',
                    'right path wrong',
                    middle,
                    {'left': left, 'right': {**right, 'path': wrong['path']}},
                )
            )
            cases.append(
                (
                    'tag-proof',
                    'right path wrong, and below both',
                    low,
                    {'left': left, 'right': {**right, 'path': []}},
                )
            )
        if size >= 3:
            middle = tags[0][:1] + b'\xff' * 31
            gap = {'left': side.presence(0), 'right': side.presence(2)}
            cases.append(('absence-gap', 'a leaf left out', middle, gap))
            broken = {'left': {**gap['left'], 'path': []}, 'right': {**gap['right'], 'leaf': 'AAAA'}}
            cases.append(('absence-gap', 'a leaf left out, and both entries wrong', middle, broken))
        for code, name, tag, proof in cases:
            parts = {name: read(value) for name, value in proof.items()}
            expect(None if code == 'ok' else code, ti.check_absence, parts, side.commitment(), tag, parse)
            case = {
                'name': f'{name}, {size} leaves',
                'code': code,
                'height': height,
                'index': side.commitment(),
            }
            made.append({**case, 'tag': tag.hex(), 'proof': proof})
    return made


def vectors() -> dict:
    good, refused = _rollup_leaves()
    lists, refused_lists = _lists()
    swept = leaf(previous=3, total=6, indices=(2, 4, 5), own=4)
    rolled = rollup(256, 1)
    judge = lambda data: ti.parse_entry(data, 9)  # noqa: E731
    judge_rollup = lambda data: ti.parse_rollup_entry(data, 512, 1)  # noqa: E731
    return {
        'spec': 'docs/spec/tags.md',
        'leaves': _leaves(),
        'refusedLeaves': _refused_leaves(),
        'lists': lists,
        'refusedLists': refused_lists,
        'files': _files(),
        'rollupLeaves': good,
        'refusedRollupLeaves': refused,
        'indexes': _indexes(),
        'presences': _presences(),
        'absences': _absences('index'),
        'rollupAbsences': _absences('rollup'),
        'changed': [
            {'name': 'index leaf', 'height': 9, 'leaf': swept.hex(), 'sweep': sweep(swept, judge, ok=True)},
            {
                'name': 'roll-up leaf',
                'height': 512,
                'leaf': rolled.hex(),
                'sweep': sweep(rolled, judge_rollup, ok=True),
            },
        ],
    }
