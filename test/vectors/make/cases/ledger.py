"""ledger.json: a ledger of 260 blocks from its messages up, and proofs of absence and completeness over it."""

from __future__ import annotations

from countersign import canonical, envelope, header, merkle, tagindex
from countersign.common import Refused, sha256, unb64
from countersign.ledger import Author, Ledger

from ._lies import second_signature
from ._render import expect, fixed

BLOCKS = 259
TAGS = {name: fixed('ledger tag ' + name) for name in ('rare', 'often', 'early', 'late', 'never')}
KIND = 'text/vnd.example.note'


class Made:
    """The ledger with what it was made from."""

    def __init__(self):
        self.ledger = Ledger(fixed, 'ledger')
        self.authors = [Author(fixed, f'ledger author {number}', self.ledger.id) for number in range(2)]
        self.blocks, self.below = [], {}
        for height in range(1, BLOCKS + 1):
            messages = self.messages(height)
            time = 1700000000 + 5 * (height - height % 2)
            self.below[height] = self.ledger.below() if height in (2, 3, 5, 256) else None
            self.ledger.seal([(leaf, data) for leaf, data, _ in messages], time)
            made = {'time': time, 'messages': [shown for _, _, shown in messages]}
            self.blocks.append({**made, 'header': self.ledger.headers[height].decode()})
        self.headers = {at: canonical.read(data, 65535) for at, data in enumerate(self.ledger.headers)}

    def messages(self, height: int) -> list:
        count = 3 if height % 50 == 3 else 1
        return [self.message(height, number) for number in range(count)]

    def message(self, height: int, number: int) -> tuple:
        names = []
        if height in (3, 40, 41, 250, 258):
            names.append('rare')
        if height % 7 == 0 or number == 1:
            names.append('often')
        if height in (1, 2):
            names.append('early')
        if height > 257:
            names.append('late')
        if height == 6:
            # The id of the message of block 5, which anyone can take as a tag.
            names.append('id of block 5')
        author = (height + number) % 2
        tags = [self.tag(name) for name in names]
        data = b'' if height % 5 else b'data of block %d' % height
        members = self.authors[author].head({'n': height}, tags, 1700000000 + height)
        leaf = envelope.compose(self.authors[author].seed, KIND, members, data)
        shown = {'author': author, 'nonce': members['nonce'], 'tags': names, 'data': data.hex()}
        return leaf, data, shown

    def tag(self, name: str) -> bytes:
        if name in TAGS:
            return TAGS[name]
        return envelope.parse_leaf(self.ledger.leaves[5][0]).id

    # Proofs over the blocks below `size`.

    def absence(self, level: int, start: int, tag: bytes) -> dict:
        if level == 0:
            return self.ledger.absence(start, tag)
        return self.ledger.rollups[start + 256][0].absence(tag)

    def pieces(self, a: int, b: int, tag: bytes, size: int) -> list:
        found = []
        for level, start in tagindex.plan(a, b, size):
            found.append({'level': level, 'from': start, 'absence': self.absence(level, start, tag)})
        return found

    def completeness(self, a: int, b: int, tag: bytes, size: int) -> tuple:
        entries = []
        for height in range(a, b + 1):
            if any(entry.tag == tag for entry in self.ledger.entries.get(height, [])):
                entries.append({'height': height, 'presence': self.ledger.presence(height, tag)})
        heights, pieces = [entry['height'] for entry in entries], []
        for level, start, last in tagindex.needed_pieces(heights, a, b, size):
            piece = {'level': level, 'from': start}
            if last is None:
                pieces.append({**piece, 'absence': self.absence(level, start, tag)})
            else:
                pieces.append({**piece, 'presence': self.presence(start, tag)})
        return entries, pieces

    def presence(self, start: int, tag: bytes) -> dict:
        side = self.ledger.rollups[start + 256][0]
        return side.presence(side.find(tag))


def read(proof: dict) -> dict:
    path = [bytes.fromhex(item) for item in proof['path']]
    return {'index': proof['index'], 'leaf': unb64(proof['leaf']), 'path': path}


def read_pieces(pieces: list) -> list:
    return [
        (p['level'], p['from'], {side: read(value) for side, value in p['absence'].items()}) for p in pieces
    ]


def read_whole(pieces: list) -> list:
    made = []
    for piece in pieces:
        kind = 'absence' if 'absence' in piece else 'presence'
        proof = read(piece[kind]) if kind == 'presence' else read_pieces([piece])[0][2]
        made.append((piece['level'], piece['from'], kind, proof))
    return made


def _ranges(made: Made) -> list:
    cases = []

    def add(code: str, name: str, size: int, tag: str, a: int, b: int, pieces: list) -> None:
        headers = {at: value for at, value in made.headers.items() if at < size}
        judge = (read_pieces(pieces), a, b, made.tag(tag), headers)
        expect(None if code == 'ok' else code, tagindex.check_range, *judge)
        case = {'name': name, 'code': code, 'size': size, 'tag': tag, 'from': a, 'to': b}
        cases.append({**case, 'pieces': pieces})

    size, never = BLOCKS + 1, made.tag('never')
    one = made.pieces(10, 12, never, size)
    span = made.pieces(0, 255, never, size)
    add('ok', 'one block', size, 'never', 9, 9, made.pieces(9, 9, never, size))
    add('ok', 'three blocks', size, 'never', 10, 12, one)
    add('ok', 'block 0 alone', size, 'never', 0, 0, made.pieces(0, 0, never, size))
    add('ok', 'nothing, from above to', size, 'never', 5, 4, [])
    add('ok', 'a roll-up', size, 'never', 0, 255, span)
    add('ok', 'a roll-up and what follows', size, 'never', 0, 259, made.pieces(0, 259, never, size))
    add('ok', 'between two entries', size, 'rare', 42, 45, made.pieces(42, 45, made.tag('rare'), size))
    add(
        'ok',
        'the last two blocks without the tag',
        size,
        'early',
        3,
        4,
        made.pieces(3, 4, made.tag('early'), size),
    )
    add(
        'ok',
        'a roll-up without a late tag',
        size,
        'late',
        0,
        257,
        made.pieces(0, 257, made.tag('late'), size),
    )
    add('range-gap', 'a block left out', size, 'never', 10, 12, [one[0], one[2]])
    add('range-gap', 'the first left out', size, 'never', 10, 12, one[1:])
    add('range-gap', 'the last left out', size, 'never', 10, 12, one[:-1])
    add('range-gap', 'one too many', size, 'never', 10, 11, one)
    add('range-gap', 'begins too early', size, 'never', 11, 12, one)
    add('range-gap', 'a block twice', size, 'never', 10, 12, [one[0], one[0], one[1], one[2]])
    add('range-gap', 'blocks exchanged', size, 'never', 10, 12, [one[1], one[0], one[2]])
    add('range-gap', 'nothing', size, 'never', 10, 12, [])
    add('range-gap', 'a roll-up beyond the end', size, 'never', 0, 254, span)
    add('range-span', 'a roll-up at no multiple of 256', size, 'never', 1, 256, [{**span[0], 'from': 1}])
    add('range-span', 'the header of the roll-up is not in the tree', 256, 'never', 0, 255, span)
    add('absence-order', 'a block with the tag', size, 'rare', 40, 40, _there(made, 40, 'rare'))
    other = {**one[0], 'absence': one[1]['absence']}
    add(
        code_of_piece(made, other, never),
        'the absence of another block',
        size,
        'never',
        10,
        12,
        [other, *one[1:]],
    )
    return cases


def _there(made: Made, height: int, tag: str) -> list:
    """A false absence: the leaf of the tag itself with the one after it."""
    side = made.ledger.indexes[height]
    at = side.find(made.tag(tag))
    absence = {'left': side.presence(at)}
    if at + 1 < len(side.leaves):
        absence['right'] = side.presence(at + 1)
    return [{'level': 0, 'from': height, 'absence': absence}]


def code_of_piece(made: Made, piece: dict, tag: bytes) -> str:
    try:
        tagindex.check_range(read_pieces([piece]), piece['from'], piece['from'], tag, made.headers)
    except Refused as refused:
        return refused.code
    raise AssertionError('accepted')


def _completeness(made: Made) -> list:
    cases = []

    def add(code: str, name: str, size: int, tag: str, a: int, b: int, entries: list, pieces: list) -> None:
        headers = {at: value for at, value in made.headers.items() if at < size}
        judge = (
            [(e['height'], read(e['presence'])) for e in entries],
            read_whole(pieces),
            a,
            b,
            made.tag(tag),
            headers,
            size,
        )
        expect(None if code == 'ok' else code, tagindex.check_completeness, *judge)
        case = {'name': name, 'code': code, 'size': size, 'tag': tag, 'from': a, 'to': b, 'entries': entries}
        case['pieces'] = pieces
        if code == 'ok':
            case['messages'] = sum(entry.count for entry in tagindex.check_completeness(*judge))
        cases.append(case)

    size = BLOCKS + 1

    def of(tag: str, a: int, b: int) -> tuple:
        return made.completeness(a, b, made.tag(tag), size)

    for name, tag, a, b in (
        ('all of a rare tag', 'rare', 0, 259),
        ('a part of a rare tag', 'rare', 4, 100),
        ('up to an entry', 'rare', 0, 41),
        ('from an entry', 'rare', 250, 259),
        ('one block', 'rare', 3, 3),
        ('no entries', 'rare', 42, 60),
        ('a tag never seen', 'never', 0, 259),
        ('a tag seen early', 'early', 0, 259),
        ('a tag seen late', 'late', 0, 259),
        ('several messages of one block', 'often', 1, 14),
        ('a message by its id', 'id of block 5', 0, 20),
    ):
        add('ok', name, size, tag, a, b, *of(tag, a, b))
    entries, pieces = of('rare', 0, 259)
    add('complete-link', 'the first entry left out', size, 'rare', 0, 259, entries[1:], pieces)
    add(
        'complete-link',
        'an entry in the middle left out',
        size,
        'rare',
        0,
        259,
        [*entries[:1], *entries[2:]],
        pieces,
    )
    tail = made.pieces(251, 255, made.tag('rare'), size)
    add('range-gap', 'single blocks in the place of a roll-up', size, 'rare', 0, 257, entries[:-1], tail)
    add('absence-order', 'the last entry left out', size, 'rare', 0, 259, entries[:-1], _without_last(made, pieces))
    _whole_spans(made, add, size)
    add(
        'complete-link',
        'entries exchanged',
        size,
        'rare',
        0,
        259,
        [entries[1], entries[0], *entries[2:]],
        pieces,
    )
    add('complete-link', 'an entry twice', size, 'rare', 0, 259, [entries[0], *entries], pieces)
    add('complete-link', 'an entry below the range', size, 'rare', 4, 259, entries, pieces)
    short = made.completeness(0, 41, made.tag('rare'), size)
    add('complete-link', 'an entry above the range', size, 'rare', 0, 40, *short)
    add('tag-other', 'entries of another tag', size, 'never', 0, 259, entries, pieces)
    wrong = {**entries[0], 'height': 4}
    proof = {**entries[0]['presence'], 'path': []}
    add(
        'tag-proof',
        'a path too short',
        size,
        'rare',
        0,
        259,
        [{**entries[0], 'presence': proof}, *entries[1:]],
        pieces,
    )
    add(
        'tag-proof',
        'an entry said to be of another block',
        size,
        'rare',
        0,
        259,
        [wrong, *entries[1:]],
        pieces,
    )
    add('range-gap', 'absence after the last entry cut', size, 'rare', 0, 259, entries, pieces[:-1])
    return cases


def _without_last(made: Made, pieces: list) -> list:
    """The pieces that would be needed if block 258 did not have the tag: its false absence among them."""
    tag = made.tag('rare')
    singles = [{'level': 0, 'from': at, 'absence': made.absence(0, at, tag)} for at in (256, 257, 259)]
    return [pieces[0], *singles[:2], *_there(made, 258, 'rare'), singles[2]]


def _whole_spans(made: Made, add, size: int) -> None:
    rare, never, early = (made.tag(name) for name in ('rare', 'never', 'early'))
    entries, pieces = made.completeness(0, 255, rare, size)
    add('ok', 'a whole roll-up with entries', size, 'rare', 0, 255, entries, pieces)
    add('complete-rollup', 'its last entry left out', size, 'rare', 0, 255, entries[:-1], pieces)
    add('complete-rollup', 'all its entries left out', size, 'rare', 0, 255, [], pieces)
    absence = [{'level': 0, 'from': 0, 'absence': {}}]
    add('range-gap', 'no piece for it', size, 'rare', 0, 255, entries, [])
    add('range-gap', 'a single block in its place', size, 'rare', 0, 255, entries, absence)
    add('range-gap', 'its piece twice', size, 'rare', 0, 255, entries, pieces * 2)
    gone = [{'level': 1, 'from': 0, 'absence': made.absence(1, 0, never)}]
    add('complete-rollup', 'an absence in the place of its presence', size, 'rare', 0, 255, entries, gone)
    other = [{'level': 1, 'from': 0, 'presence': made.presence(0, early)}]
    add('tag-other', 'the presence of another tag in it', size, 'rare', 0, 255, entries, other)
    there = [{'level': 1, 'from': 0, 'presence': made.presence(0, early)}]
    add('complete-rollup', 'a presence where there are no entries', size, 'never', 0, 255, [], there)
    shown = made.presence(0, rare)
    for code, name, proof in (
        ('tag-proof', 'its presence with a hash fewer', {**shown, 'path': shown['path'][1:]}),
        ('rollup-length', 'its presence with a short leaf', {**shown, 'leaf': 'AAAA'}),
    ):
        add(code, name, size, 'rare', 0, 255, entries, [{'level': 1, 'from': 0, 'presence': proof}])
    before = [entry for entry in entries if entry['height'] > 3]
    add('ok', 'a part of a roll-up needs no piece', size, 'rare', 4, 250, before, [])


def _dishonest_rollup(name: str, said, cases: tuple) -> dict:
    """Blocks 5, 256 and 258 of a log whose other entries are withheld; block 258 denies what block 5 has."""
    ledger = Ledger(fixed, 'ledger of a roll-up with ' + name)
    author, tag = Author(fixed, 'ledger author 0', ledger.id), TAGS['rare']
    for height in range(1, 259):
        if height not in (5, 256, 258):
            ledger._add(b'entry', b'', [], [], [])
            ledger.entries[height] = []
            continue
        ledger.state = {}

        def edit(rollups: list) -> list:
            leaves = {leaf[:32]: leaf for leaf in rollups[0]} if rollups else {}
            leaves.update({tag: tagindex.RollupEntry(tag, *said).bytes} if rollups and said else {})
            if rollups and not said:
                del leaves[tag]
            return [[leaf for _, leaf in sorted(leaves.items())]] if rollups else []

        tags = [] if height == 256 else [tag]
        ledger.seal([author.write({'n': height}, tags)], 1700000000 + height, edit_rollups=edit)
    headers = {at: canonical.read(ledger.headers[at], 65535) for at in (0, 5, 256, 258)}
    side = ledger.rollups[256][0]
    shown = []
    for code, what, a, b, heights, kinds in cases:
        entries = [{'height': at, 'presence': ledger.presence(at, tag)} for at in heights]
        pieces = []
        for kind in kinds:
            if kind == 'single':
                pieces.append({'level': 0, 'from': 256, 'absence': ledger.absence(256, tag)})
            elif kind == 'presence':
                pieces.append({'level': 1, 'from': 0, 'presence': side.presence(side.find(tag))})
            else:
                pieces.append({'level': 1, 'from': 0, 'absence': side.absence(tag)})
        proof = [(entry['height'], read(entry['presence'])) for entry in entries], read_whole(pieces)
        expect(None if code == 'ok' else code, tagindex.check_completeness, *proof, a, b, tag, headers, 259)
        case = {'name': f'{name}: {what}', 'code': code, 'from': a, 'to': b, 'entries': entries}
        shown.append({**case, 'pieces': pieces})
    return {
        'tag': tag.hex(),
        'headers': [data.hex() for data in ledger.headers],
        'checkpoint': ledger.checkpoint().decode(),
        'cases': shown,
    }


def _dishonest_rollups() -> list:
    both = ('presence', 'single')
    return [
        _dishonest_rollup(
            'the truth',
            (5, 1),
            (
                ('ok', 'up to the roll-up', 0, 256, (5,), both),
                ('ok', 'from the roll-up on', 256, 258, (258,), ()),
                ('complete-link', 'a link that denies the entry', 0, 258, (5, 258), ('presence',)),
                ('complete-rollup', 'the denied entry left out', 0, 258, (258,), ('presence',)),
                ('range-gap', 'the roll-up left out', 0, 258, (258,), ()),
            ),
        ),
        _dishonest_rollup('a later block', (7, 1), (('complete-rollup', 'whole', 0, 256, (5,), both),)),
        _dishonest_rollup('another total', (5, 2), (('complete-rollup', 'whole', 0, 256, (5,), both),)),
        _dishonest_rollup(
            'nothing',
            None,
            (
                ('complete-rollup', 'entries and absence', 0, 256, (5,), ('absence', 'single')),
                ('ok', 'absence alone', 0, 256, (), ('absence', 'single')),
            ),
        ),
    ]


def _dishonest_totals() -> list:
    """A ledger whose index has wrong links and totals: proofs that verify and do not fit together."""
    ledger = Ledger(fixed, 'ledger of wrong totals')
    author = Author(fixed, 'ledger author 0', ledger.id)
    tag = TAGS['rare']

    def edit(previous: int, total: int):
        def change(leaves: list) -> list:
            made = []
            for leaf in leaves:
                if leaf[:32] == tag:
                    entry = tagindex.parse_entry(leaf, ledger.height + 1)
                    entry.previous, entry.total = previous, total
                    leaf = entry.bytes
                made.append(leaf)
            return made

        return change

    for number, change in enumerate((None, None, edit(1, 4), None, edit(3, 5))):
        ledger.seal([author.write({'n': number}, [] if number == 3 else [tag])], 1700000001 + number, change)
    headers = {at: canonical.read(data, 65535) for at, data in enumerate(ledger.headers)}
    cases = []
    for code, name, a, b, heights in (
        ('ok', 'the first two', 1, 2, (1, 2)),
        ('complete-link', 'a link that leads past an entry', 2, 3, (2, 3)),
        (
            'complete-link',
            'a link that leads past an entry, and a total that does not add up',
            1,
            3,
            (1, 2, 3),
        ),
        ('complete-total', 'a total that does not add up', 1, 3, (1, 3)),
        ('ok', 'from the third block on', 3, 5, (3, 5)),
    ):
        entries = [{'height': at, 'presence': ledger.presence(at, tag)} for at in heights]
        judge = [(entry['height'], read(entry['presence'])) for entry in entries], [], a, b, tag, headers, 6
        expect(None if code == 'ok' else code, tagindex.check_completeness, *judge)
        cases.append({'name': name, 'code': code, 'from': a, 'to': b, 'entries': entries, 'pieces': []})
    shown = {
        'tag': tag.hex(),
        'headers': [data.hex() for data in ledger.headers],
        'checkpoint': ledger.checkpoint().decode(),
    }
    return [{**shown, 'cases': cases}]


def _bodies(made: Made) -> list:
    """What the bodies of blocks 2, 3, 5 and 256 are refused for; each case names the block that it takes the place of."""
    ledger, cases = made.ledger, []

    def add(code: str, name: str, height: int, served: bytes, **changes: object) -> None:
        members = {**made.headers[height], **changes}
        data = canonical.write(members)
        judge = (served, header.parse(data), made.below[height])
        expect(None if code == 'ok' else code, header.verify_body, *judge)
        cases.append(
            {'name': name, 'code': code, 'height': height, 'header': data.hex(), 'body': served.hex()}
        )

    pairs = header.cut_body(ledger.bodies[3], 3, len(ledger.bodies[3]))
    absent = header.compose_body([(leaf, None) for leaf, _ in pairs])
    add('ok', 'as sealed', 3, ledger.bodies[3])
    add('ok', 'with all data absent', 3, absent)
    add('ok', 'with a roll-up', 256, ledger.bodies[256])
    add(
        'ok',
        'another hash of the body in the header',
        3,
        ledger.bodies[3],
        body={'hash': '00' * 32, 'size': len(ledger.bodies[3])},
    )
    for size in (1, len(ledger.bodies[3]) - 1, len(ledger.bodies[3]) + 1):
        name = f'{size} bytes of body in the header'
        add('body-size', name, 3, ledger.bodies[3], body={'hash': '00' * 32, 'size': size})
    with_data = header.cut_body(ledger.bodies[5], 1, len(ledger.bodies[5]))
    absent = header.compose_body([(leaf, None) for leaf, _ in with_data])
    add('ok', 'absent data counts', 5, absent)
    add('body-size', 'absent data left out', 5, absent, body={'hash': '00' * 32, 'size': len(absent)})
    add('body-truncated', 'a byte fewer', 3, ledger.bodies[3][:-1])
    add('body-count', 'a message fewer', 3, header.compose_body(pairs[:-1]))
    add('body-count', 'a message more', 3, header.compose_body([*pairs, pairs[0]]))
    add('body-root', 'messages exchanged', 3, header.compose_body([pairs[1], pairs[0], pairs[2]]))
    add('body-root', 'messages of another block', 2, ledger.bodies[1])
    wrong = {'count': 1, 'root': '00' * 32}
    add('body-root', 'another root in the header', 2, ledger.bodies[2], messages=wrong)
    add('envelope-data', 'other data', 3, header.compose_body([(pairs[0][0], b'x'), *pairs[1:]]))

    def replaced(code: str, name: str, leaf: bytes, data: bytes = b'', entries: list | None = None) -> None:
        """Block 2 with another single message, the roots made to fit unless `entries` says otherwise."""
        tree = merkle.Tree.of([leaf])
        changes = {'messages': {'count': 1, 'root': tree.root().hex()}}
        if entries is None:
            try:
                parsed = envelope.parse_leaf(leaf)
                built = tagindex.index_of([(parsed.id, parsed.tags)], dict(made.below[2].tags), 2)
                entries = [entry.bytes for entry in built]
            except Refused:
                entries = [b'x']
        changes['tags'] = tagindex.Side(entries).commitment()
        body = header.compose_body([(leaf, data)])
        add(code, name, 2, body, body=_body_of(body), **changes)

    author = made.authors[0]
    good, _ = author.write({'n': 2}, [TAGS['early']])
    replaced('ok', 'another message, all made to fit', good.bytes)
    replaced('envelope-truncated', 'a leaf that is none', b'leaf')
    replaced('envelope-trailing', 'a leaf and a byte', good.bytes + b'\x00')
    replaced('envelope-signature', 'a wrong signature', good.bytes[:-1] + bytes([good.bytes[-1] ^ 1]))
    foreign = envelope.compose(author.seed, KIND, {**good.head, 'ledger': '00' * 32})
    replaced('head-ledger', 'a message for another ledger', foreign.bytes)
    replaced('body-repeated', 'the message of the block below', ledger.leaves[1][0])
    entries = [
        entry.bytes for entry in tagindex.index_of([(good.id, good.tags)], dict(made.below[2].tags), 2)
    ]
    replaced('body-tags', 'an entry left out', good.bytes, entries=entries[1:])
    replaced('body-tags', 'entries exchanged', good.bytes, entries=entries[::-1])
    fresh = [entry.bytes for entry in tagindex.index_of([(good.id, good.tags)], {}, 2)]
    replaced('body-tags', 'links and totals as of no block below', good.bytes, entries=fresh)
    unowned = [entry.bytes for entry in _without_own(good, made)]
    replaced('body-tags', 'no own index', good.bytes, entries=unowned)
    twice = header.compose_body([(good.bytes, b''), (good.bytes, b'')])
    tree = merkle.Tree.of([good.bytes, good.bytes])
    messages = {'count': 2, 'root': tree.root().hex()}
    add('body-repeated', 'a message twice in one block', 2, twice, messages=messages, body=_body_of(twice))
    size = {'hash': '00' * 32, 'size': 1}
    add('body-size', 'a message twice, and another size', 2, twice, messages=messages, body=size)
    same = envelope.Leaf(good.type, good.sender, good.head_bytes, 0, good.data_hash)
    same.signature = second_signature(author.seed, same.signed_bytes)
    resigned = merkle.Tree.of([good.bytes, same.bytes])
    again = {'count': 2, 'root': resigned.root().hex()}
    body = header.compose_body([(good.bytes, b''), (same.bytes, b'')])
    name = 'a message and the same with another signature'
    add('body-repeated', name, 2, body, messages=again, body=_body_of(body))
    rollup = made.headers[256]['rollups'][0]
    changed = [{'count': rollup['count'], 'root': '00' * 32}]
    add('body-rollup', 'another root of the roll-up', 256, ledger.bodies[256], rollups=changed)
    changed = [{'count': rollup['count'] + 1, 'root': rollup['root']}]
    add('body-rollup', 'another count of the roll-up', 256, ledger.bodies[256], rollups=changed)
    return cases


def _body_of(data: bytes) -> dict:
    return {'hash': sha256(data).hex(), 'size': len(data)}


def _without_own(leaf: envelope.Leaf, made: Made) -> list:
    entries = tagindex.index_of([(leaf.id, leaf.tags)], dict(made.below[2].tags), 2)
    for entry in entries:
        entry.own = tagindex.NO_OWN
    return entries


def vectors() -> dict:
    made = Made()
    ledger = made.ledger
    founding = {
        'header': ledger.headers[0].hex(),
        'id': ledger.id.hex(),
        'log': ledger.log.vkey,
        'logSeed': ledger.log.seed.hex(),
        'promise': ledger.promiser.vkey,
        'promiseSeed': ledger.promiser.seed.hex(),
    }
    heights = (1, 2, 3, 5, 6, 40, 41, 256, 259)
    full = []
    for height in heights:
        entries = [leaf.hex() for leaf in ledger.indexes[height].leaves]
        file = tagindex.file_of(ledger.entries[height])
        full.append({'height': height, 'body': ledger.bodies[height].hex(), 'index': entries, 'file': file.hex()})
    rollup = ledger.rollups[256][0]
    positions = [rollup.find(made.tag(name)) for name in ('rare', 'often', 'early')]
    checkpoints = [{'size': size, 'note': ledger.checkpoint(size).decode()} for size in (1, 2, 256, 257, 260)]
    return {
        'spec': 'docs/spec/blocks.md',
        'founding': founding,
        'authors': [{'seed': author.seed.hex(), 'key': author.key.hex()} for author in made.authors],
        'payloadType': KIND,
        'tags': {name: made.tag(name).hex() for name in (*TAGS, 'id of block 5')},
        'blocks': made.blocks,
        'full': full,
        'rollup': {**rollup.commitment(), 'leaves': {str(at): rollup.leaves[at].hex() for at in positions}},
        'checkpoints': checkpoints,
        'bodies': _bodies(made),
        'ranges': _ranges(made),
        'completeness': _completeness(made),
        'dishonest': [*_dishonest_totals(), *_dishonest_rollups()],
    }
