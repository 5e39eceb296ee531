"""Evidence files of docs/spec/evidence.md: an independent judge of every kind."""

from __future__ import annotations

from . import canonical, envelope, merkle, note, promise, tagindex
from . import header as headers
from .common import NONE_HEIGHT, Refused, is_integer, unb64, unhex

FORMAT = 'countersign/evidence/v1'
MAX_FILE = 8388608
MAX_ABSENCES = 1024

# Each kind: its needed members, and groups of which exactly one member must stand.
KINDS = {
    'heads-inconsistent': ({'other'}, ()),
    'checkpoint-extended': (set(), ()),
    'header-invalid': ({'block'}, ()),
    'chain-broken': ({'lower', 'upper'}, ()),
    'message-invalid': ({'block', 'message'}, ()),
    'message-repeated': ({'again', 'block', 'message'}, ()),
    'tag-missing': ({'block', 'message', 'tag'}, (('absence', 'presence'),)),
    'tag-foreign': ({'block', 'presence', 'listed'}, ()),
    'tag-malformed': ({'block', 'entry'}, ()),
    'tag-unsorted': ({'block', 'left', 'right'}, ()),
    'tag-history': ({'first', 'second', 'tag'}, ()),
    'rollup-malformed': ({'block', 'entry', 'level'}, ()),
    'rollup-unsorted': ({'block', 'left', 'level', 'right'}, ()),
    'promise-broken': ({'absences', 'end', 'promise'}, ()),
}
# The kinds about heads of whatever form; all others speak about blocks under a ledger's head.
ANY_HEAD = ('heads-inconsistent', 'checkpoint-extended')
OPTIONAL = {
    'heads-inconsistent': {'prefix'},
    'message-repeated': {'againBlock'},
    'tag-missing': {'indices'},
    'tag-foreign': {'indices', 'message'},
    'tag-malformed': {'indices'},
}


def check(condition: object, code: str = 'evidence-proof') -> None:
    if not condition:
        raise Refused(code)


def _path(value: object) -> list:
    check(isinstance(value, list))
    path = [unhex(item, 32) for item in value]
    check(None not in path)
    return path


def _entry(value: object) -> dict:
    """A presence or message proof, its leaf as bytes."""
    check(isinstance(value, dict) and set(value) == {'index', 'leaf', 'path'} and is_integer(value['index']))
    leaf = unb64(value['leaf'])
    check(leaf is not None)
    return {'index': value['index'], 'leaf': leaf, 'path': _path(value['path'])}


def _absence(value: object) -> dict:
    check(isinstance(value, dict) and set(value) <= {'left', 'right'})
    return {side: _entry(value[side]) for side in value}


class History:
    """What is said of a tag: where it occurs, ranges (first, after the last) with nothing, and N(x) as (x, N)."""

    def __init__(self) -> None:
        self.occurs, self.nothing, self.totals = set(), [], []

    def joined(self, other: 'History') -> 'History':
        both = History()
        both.occurs = self.occurs | other.occurs
        both.nothing, both.totals = self.nothing + other.nothing, self.totals + other.totals
        return both

    def is_contradictory(self) -> bool:
        if any(start <= height < end for height in self.occurs for start, end in self.nothing):
            return True
        return any(self._clash(x, n, y, m) for x, n in self.totals for y, m in self.totals if x <= y)

    def _clash(self, x: int, n: int, y: int, m: int) -> bool:
        if m - n < sum(x < height <= y for height in self.occurs):
            return True
        at = x + 1
        for start, end in sorted(self.nothing):
            if start <= at < end:
                at = end
        return m > n and at > y


class Judge:
    """Reads one evidence file for a ledger; `proven` raises Refused or returns the kind that is proven."""

    def __init__(self, data: bytes, ledger: bytes):
        file = canonical.read(data, MAX_FILE)
        check(isinstance(file, dict), 'evidence-format')
        members = {'checkpoint', 'evidence', 'founding', 'kind', 'ledger', 'proof'}
        check(set(file) == members and file['evidence'] == FORMAT, 'evidence-format')
        founding = unb64(file['founding'])
        check(isinstance(file['checkpoint'], str) and founding is not None, 'evidence-format')
        check(isinstance(file['kind'], str) and file['kind'] in KINDS, 'evidence-format')
        check(unhex(file['ledger'], 32) is not None and isinstance(file['proof'], dict), 'evidence-format')
        check(file['ledger'] == ledger.hex(), 'evidence-ledger')
        check(headers.ledger_id(founding) == ledger, 'evidence-founding')
        try:
            first = headers.parse(founding)
        except Refused:
            raise Refused('evidence-founding') from None
        check(first['height'] == 0, 'evidence-founding')
        self.ledger, self.founding, self.limits = ledger, founding, first['founding']['limits']
        self.log = note.parse_vkey(first['founding']['log'])
        self.promise_key = note.parse_vkey(first['founding']['promise'])
        try:
            self.checkpoint = self.head(file['checkpoint'], file['kind'] not in ANY_HEAD)
        except Refused:
            raise Refused('evidence-checkpoint') from None
        self.kind, self.proof = file['kind'], file['proof']

    def proven(self) -> str:
        needed, groups = KINDS[self.kind]
        names = set(self.proof)
        choices = {name for group in groups for name in group}
        check(needed <= names <= needed | choices | OPTIONAL.get(self.kind, set()))
        check(all(sum(name in names for name in group) == 1 for group in groups))
        try:
            lie = getattr(self, '_' + self.kind.replace('-', '_'))(self.proof)
        except Refused as refused:
            raise Refused('evidence-proof', refused.code) from None
        check(lie, 'evidence-no-lie')
        return self.kind

    def head(self, text: str, of_ledger: bool) -> dict:
        return note.open_checkpoint(text.encode('utf-8'), [self.log], (), of_ledger)[0]

    # The parts.

    def block(self, value: object) -> tuple:
        """Bytes and height of an entry of the block log."""
        check(isinstance(value, dict) and set(value) == {'header', 'height', 'path'})
        data = unb64(value['header'])
        check(data is not None and is_integer(value['height']))
        size, root = self.checkpoint['size'], self.checkpoint['root']
        merkle.check_inclusion(merkle.leaf_hash(data), value['height'], size, _path(value['path']), root)
        return data, value['height']

    def header(self, value: object) -> dict:
        data, height = self.block(value)
        check(headers.is_valid_at(data, height, self.ledger))
        return headers.parse(data)

    def message(self, value: object, header: dict) -> tuple:
        """Leaf bytes and index of a message of a block."""
        entry = _entry(value)
        tagindex.check_path(entry, header['messages'])
        return entry['leaf'], entry['index']

    def presence(self, value: object, header: dict, tag: bytes | None = None) -> tagindex.Leaf:
        parse = lambda leaf: tagindex.parse_entry(leaf, header['height'])  # noqa: E731
        return tagindex.check_presence(_entry(value), header['tags'], tag, parse)

    def indices(self, value: object, leaf: tagindex.Leaf) -> list:
        data = unb64(value)
        check(data is not None)
        return tagindex.parse_list(data, leaf)

    def absence(self, value: object, header: dict, tag: bytes) -> None:
        parse = lambda leaf: tagindex.parse_entry(leaf, header['height'])  # noqa: E731
        tagindex.check_absence(_absence(value), header['tags'], tag, parse)

    def level(self, value: object, header: dict) -> int:
        check(is_integer(value, 1, 2) and len(header.get('rollups', [])) >= value)
        return value

    # The kinds: each returns whether the verified parts contradict each other.

    def _heads_inconsistent(self, proof: dict) -> bool:
        check(isinstance(proof['other'], str))
        other = self.head(proof['other'], False)
        small, large = sorted((self.checkpoint, other), key=lambda head: head['size'])
        if small['size'] == large['size']:
            check('prefix' not in proof)
            return small['root'] != large['root']
        check('prefix' in proof)
        nodes = _path(proof['prefix'])
        return merkle.check_prefix(small['size'], large['size'], large['root'], nodes) != small['root']

    def _checkpoint_extended(self, proof: dict) -> bool:
        return self.checkpoint['extensions'] != []

    def _header_invalid(self, proof: dict) -> bool:
        return not headers.is_valid_at(*self.block(proof['block']), self.ledger)

    def _chain_broken(self, proof: dict) -> bool:
        low, high = self.header(proof['lower']), self.header(proof['upper'])
        check(high['height'] == low['height'] + 1)
        try:
            headers.check_link(
                unb64(proof['lower']['header']), unb64(proof['upper']['header']), self.ledger, self.limits
            )
        except Refused:
            return True
        return False

    def _message_invalid(self, proof: dict) -> bool:
        leaf, _ = self.message(proof['message'], self.header(proof['block']))
        try:
            envelope.verify(envelope.parse_leaf(leaf), self.ledger, self.limits, None)
        except Refused:
            return True
        return False

    def _message_repeated(self, proof: dict) -> bool:
        first = self.header(proof['block'])
        second = self.header(proof['againBlock']) if 'againBlock' in proof else first
        leaf, index = self.message(proof['message'], first)
        again, again_index = self.message(proof['again'], second)
        one, other = envelope.parse_leaf(leaf), envelope.parse_leaf(again)
        check('againBlock' not in proof or first['height'] != second['height'])
        return (first['height'], index) != (second['height'], again_index) and one.id == other.id

    def _tag_missing(self, proof: dict) -> bool:
        header = self.header(proof['block'])
        tag = unhex(proof['tag'], 32)
        check(tag is not None)
        raw, index = self.message(proof['message'], header)
        leaf = envelope.parse_leaf(raw)
        if 'absence' in proof:
            check('indices' not in proof)
            self.absence(proof['absence'], header, tag)
            return tag in leaf.tags
        entry = self.presence(proof['presence'], header, tag)
        if 'indices' in proof and index not in self.indices(proof['indices'], entry) and tag in leaf.tags:
            return True
        return tag == leaf.id and (entry.own == tagindex.NO_OWN or entry.own > index)

    def _tag_foreign(self, proof: dict) -> bool:
        header, listed = self.header(proof['block']), proof['listed']
        check(is_integer(listed, 0, 2**32 - 1))
        entry = self.presence(proof['presence'], header)
        is_own = listed == entry.own and listed != tagindex.NO_OWN
        check(is_own != ('indices' in proof))
        is_listed = is_own or listed in self.indices(proof['indices'], entry)
        outside = listed >= header['messages']['count']
        check(outside != ('message' in proof))
        if outside:
            return is_listed
        raw, index = self.message(proof['message'], header)
        leaf = envelope.parse_leaf(raw)
        check(index == listed)
        return is_listed and (entry.tag != leaf.id if is_own else entry.tag not in leaf.tags)

    def _tag_malformed(self, proof: dict) -> bool:
        header, entry = self.header(proof['block']), _entry(proof['entry'])
        tagindex.check_path(entry, header['tags'])
        try:
            leaf = tagindex.parse_entry(entry['leaf'], header['height'])
        except Refused:
            check('indices' not in proof)
            return True
        if 'indices' not in proof:
            return False
        try:
            self.indices(proof['indices'], leaf)
        except Refused as refused:
            check(refused.code not in ('tag-list', 'evidence-proof'))
            return True
        return False

    def _unsorted(self, proof: dict, commitment: dict) -> bool:
        left, right = _entry(proof['left']), _entry(proof['right'])
        tagindex.check_path(left, commitment)
        tagindex.check_path(right, commitment)
        check(len(left['leaf']) >= 32 and len(right['leaf']) >= 32)
        return left['index'] < right['index'] and left['leaf'][:32] >= right['leaf'][:32]

    def _tag_unsorted(self, proof: dict) -> bool:
        return self._unsorted(proof, self.header(proof['block'])['tags'])

    def statement(self, value: object, tag: bytes) -> History:
        """What a statement says of the tag."""
        check(isinstance(value, dict) and set(value) - {'level'} in ({'block', 'presence'}, {'absence', 'block'}))
        header, said = self.header(value['block']), History()
        height = header['height']
        if 'level' in value:
            level = self.level(value['level'], header)
            commitment, start = header['rollups'][level - 1], height - tagindex.SPANS[level]
            parse = lambda leaf: tagindex.parse_rollup_entry(leaf, height, level)  # noqa: E731
            if 'absence' in value:
                tagindex.check_absence(_absence(value['absence']), commitment, tag, parse)
                said.nothing.append((start, height))
                return said
            rollup = tagindex.check_presence(_entry(value['presence']), commitment, tag, parse)
            said.occurs.add(rollup.last)
            said.nothing.append((rollup.last + 1, height))
            said.totals.append((rollup.last, rollup.total))
            return said
        if 'absence' in value:
            self.absence(value['absence'], header, tag)
            said.nothing.append((height, height + 1))
            return said
        leaf = self.presence(value['presence'], header, tag)
        before = leaf.total - leaf.count
        said.occurs.add(height)
        said.totals += [(height, leaf.total), (height - 1, before)]
        if leaf.previous == NONE_HEIGHT:
            said.nothing.append((0, height))
        else:
            said.occurs.add(leaf.previous)
            said.nothing.append((leaf.previous + 1, height))
            said.totals.append((leaf.previous, before))
        return said

    def _tag_history(self, proof: dict) -> bool:
        tag = unhex(proof['tag'], 32)
        check(tag is not None)
        first, second = self.statement(proof['first'], tag), self.statement(proof['second'], tag)
        return first.joined(second).is_contradictory()

    def _rollup_malformed(self, proof: dict) -> bool:
        header = self.header(proof['block'])
        level, entry = self.level(proof['level'], header), _entry(proof['entry'])
        tagindex.check_path(entry, header['rollups'][level - 1])
        try:
            tagindex.parse_rollup_entry(entry['leaf'], header['height'], level)
        except Refused:
            return True
        return False

    def _rollup_unsorted(self, proof: dict) -> bool:
        header = self.header(proof['block'])
        return self._unsorted(proof, header['rollups'][self.level(proof['level'], header) - 1])

    def _promise_broken(self, proof: dict) -> bool:
        absences = proof['absences']
        check(
            isinstance(absences, list) and len(absences) <= MAX_ABSENCES and isinstance(proof['promise'], str)
        )
        given = promise.open_promise(proof['promise'].encode('utf-8'), self.promise_key, self.ledger)
        end = self.header(proof['end'])
        shown = True
        for height, item in enumerate(absences, given['size']):
            check(isinstance(item, dict) and set(item) in ({'absence', 'block'}, {'block', 'presence'}))
            header = self.header(item['block'])
            check(header['height'] == height)
            if 'absence' in item:
                self.absence(item['absence'], header, given['message'])
            elif self.presence(item['presence'], header, given['message']).own != tagindex.NO_OWN:
                shown = False
        check(len(absences) == max(end['height'] - given['size'], 0))
        return shown and (end['height'] > given['last_height'] or end['time'] > given['last_time'])


def judge(data: bytes, ledger: bytes) -> str:
    return Judge(data, ledger).proven()
