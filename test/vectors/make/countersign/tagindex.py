"""Tag index and roll-up leaves of docs/spec/tags.md, and the proofs of presence and absence over them."""

from __future__ import annotations

from . import merkle
from .common import MAX_INTEGER, NONE_HEIGHT, Bytes, Refused, b64, sha256, u32, u64

SPANS = {1: 256, 2: 65536}


NO_OWN = 2**32 - 1
LEAF = 88


class Leaf:
    """A leaf of a tag index: what it says without its list."""

    def __init__(self, tag: bytes, previous: int, total: int, own: int, count: int, list_hash: bytes):
        self.tag, self.previous, self.total, self.own = tag, previous, total, own
        self.count, self.list_hash = count, list_hash

    @property
    def bytes(self) -> bytes:
        return self.tag + u64(self.previous) + u64(self.total) + u32(self.own) + u32(self.count) + self.list_hash


class Entry(Leaf):
    """A leaf of a tag index with its list; `count` is that of the list unless a case lies about it."""

    def __init__(
        self, tag: bytes, previous: int, total: int, indices: list, own: int = NO_OWN, count: int | None = None
    ):
        self.indices, self.said = list(indices), count
        super().__init__(tag, previous, total, own, 0, b'')

    @property
    def list(self) -> bytes:
        return b''.join(u32(index) for index in self.indices)

    @property
    def bytes(self) -> bytes:
        self.count = len(self.indices) if self.said is None else self.said
        self.list_hash = sha256(self.list)
        return Leaf.bytes.fget(self)


class RollupEntry:
    """A leaf of a roll-up index."""

    def __init__(self, tag: bytes, last: int, total: int):
        self.tag, self.last, self.total = tag, last, total

    @property
    def bytes(self) -> bytes:
        return self.tag + u64(self.last) + u64(self.total)


def _numbers(data: bytes, width: int) -> list:
    return [int.from_bytes(data[at : at + width], 'big') for at in range(0, len(data), width)]


def parse_entry(data: bytes, height: int) -> Leaf:
    """Reads a leaf of the tag index of the block at this height."""
    if len(data) != LEAF:
        raise Refused('tag-length')
    previous, total = _numbers(data[32:48], 8)
    own, count = _numbers(data[48:56], 4)
    if not 1 <= count <= 65536:
        raise Refused('tag-count')
    if previous != NONE_HEIGHT and (previous >= height or previous > MAX_INTEGER):
        raise Refused('tag-previous')
    if total < count or total > MAX_INTEGER or (previous == NONE_HEIGHT) != (total == count):
        raise Refused('tag-total')
    return Leaf(data[:32], previous, total, own, count, data[56:])


def parse_list(data: bytes, leaf: Leaf) -> list:
    """Reads the list of a leaf: the indices of the messages that carry its tag."""
    if sha256(data) != leaf.list_hash:
        raise Refused('tag-list')
    if len(data) != 4 * leaf.count:
        raise Refused('tag-count')
    indices = _numbers(data, 4)
    if any(a >= b for a, b in zip(indices, indices[1:])):
        raise Refused('tag-order')
    if leaf.own != NO_OWN and leaf.own not in indices:
        raise Refused('tag-own')
    return indices


def file_of(entries: list) -> bytes:
    """The index file of a block: every leaf followed by its list."""
    return b''.join(entry.bytes + entry.list for entry in entries)


def parse_file(data: bytes, commitment: dict, height: int) -> list:
    """Reads the index file of the block at this height, whose header commits to this: (leaf, indices) pairs."""
    read, found, leaves = Bytes(data, 'tag-length'), [], []
    while read.left:
        if len(found) == commitment['count']:
            raise Refused('tag-proof')
        leaves.append(read.take(LEAF))
        leaf = parse_entry(leaves[-1], height)
        if found and found[-1][0].tag >= leaf.tag:
            raise Refused('tag-sorted')
        found.append((leaf, parse_list(read.take(4 * leaf.count), leaf)))
    if Side(leaves).commitment() != commitment:
        raise Refused('tag-proof')
    return found


def parse_rollup_entry(data: bytes, height: int, level: int) -> RollupEntry:
    """Reads a leaf of the roll-up of this level that the header at this height commits to."""
    if len(data) != 48:
        raise Refused('rollup-length')
    last, total = _numbers(data[32:], 8)
    if not height - SPANS[level] <= last < height:
        raise Refused('rollup-height')
    if not 1 <= total <= MAX_INTEGER:
        raise Refused('rollup-total')
    return RollupEntry(data[:32], last, total)


def index_of(messages: list, state: dict, height: int) -> list:
    """The tag index of a block, from (id, tags) of each of its messages; brings `state` (tag -> height, total) on."""
    lists, owns = {}, {}
    for index, (own, tags) in enumerate(messages):
        owns.setdefault(own, index)
        for tag in tags:
            lists.setdefault(tag, []).append(index)
    entries = []
    for tag in sorted(lists):
        previous, total = state.get(tag, (NONE_HEIGHT, 0))
        total += len(lists[tag])
        entries.append(Entry(tag, previous, total, lists[tag], owns.get(tag, NO_OWN)))
        state[tag] = (height, total)
    return entries


def rollup_of(indexes: dict, start: int, end: int) -> list:
    """The roll-up of the blocks start to end - 1, given their tag indexes by height."""
    last = {}
    for height in range(start, end):
        for entry in indexes[height]:
            last[entry.tag] = RollupEntry(entry.tag, height, entry.total)
    return [last[tag] for tag in sorted(last)]


class Side:
    """One index to prove things about: its leaves as bytes, in order, with their tree."""

    def __init__(self, leaves: list):
        self.leaves, self.tree = list(leaves), merkle.Tree.of(leaves)

    def commitment(self) -> dict:
        return {'count': len(self.leaves), 'root': self.tree.root().hex()}

    def find(self, tag: bytes) -> int:
        return next(at for at, leaf in enumerate(self.leaves) if leaf[:32] == tag)

    def presence(self, index: int) -> dict:
        path = [item.hex() for item in self.tree.path(index)]
        return {'index': index, 'leaf': b64(self.leaves[index]), 'path': path}

    def absence(self, tag: bytes) -> dict:
        """The proof that an index in order gives; ValueError when the tag is there."""
        below = [at for at, leaf in enumerate(self.leaves) if leaf[:32] < tag]
        above = [at for at, leaf in enumerate(self.leaves) if leaf[:32] > tag]
        if len(below) + len(above) != len(self.leaves):
            raise ValueError('the tag is present')
        proof = {}
        if below:
            proof['left'] = self.presence(below[-1])
        if above:
            proof['right'] = self.presence(above[0])
        return proof


def check_path(presence: dict, commitment: dict) -> None:
    """That the leaf (bytes) stands at its position under the committed count and root."""
    leaf, root = merkle.leaf_hash(presence['leaf']), bytes.fromhex(commitment['root'])
    try:
        merkle.check_inclusion(leaf, presence['index'], commitment['count'], presence['path'], root)
    except Refused:
        raise Refused('tag-proof') from None


def check_presence(presence: dict, commitment: dict, tag: bytes | None, parse):
    """The entry that the proof shows; `parse` reads its leaf, `tag` None asks for any."""
    entry = parse(presence['leaf'])
    if tag is not None and entry.tag != tag:
        raise Refused('tag-other')
    check_path(presence, commitment)
    return entry


def check_absence(absence: dict, commitment: dict, tag: bytes, parse) -> None:
    count = commitment['count']
    left = absence['left']['index'] if 'left' in absence else -1
    right = absence['right']['index'] if 'right' in absence else count
    if right != left + 1:
        raise Refused('absence-gap')
    entries = {side: check_presence(absence[side], commitment, None, parse) for side in sorted(absence)}
    if 'left' in entries and not entries['left'].tag < tag:
        raise Refused('absence-order')
    if 'right' in entries and not tag < entries['right'].tag:
        raise Refused('absence-order')


def check_range(pieces: list, a: int, b: int, tag: bytes, headers: dict) -> None:
    """Absence over the blocks a to b: each piece is (level, start, absence), level 0 for one block.

    `headers` are the verified headers of the checkpoint's tree by height.
    """
    at = a
    for level, start, absence in pieces:
        if start != at:
            raise Refused('range-gap')
        at += SPANS.get(level, 1)
    if at != b + 1:
        raise Refused('range-gap')
    for level, start, absence in pieces:
        if level == 0:
            header = headers.get(start)
            if header is None:
                raise Refused('range-span')
            parse = lambda leaf, h=start: parse_entry(leaf, h)  # noqa: E731
            check_absence(absence, header['tags'], tag, parse)
            continue
        height = start + SPANS[level]
        header = headers.get(height)
        if start % SPANS[level] or header is None:
            raise Refused('range-span')
        parse = lambda leaf, h=height, n=level: parse_rollup_entry(leaf, h, n)  # noqa: E731
        check_absence(absence, header['rollups'][level - 1], tag, parse)


def plan(a: int, b: int, size: int) -> list:
    """The spans (level, start) that the blocks a to b of a tree of this size are cut into."""
    spans = []
    while a <= b:
        fitting = [n for n in SPANS if a % SPANS[n] == 0 and a + SPANS[n] <= min(b + 1, size - 1)]
        spans.append((max(fitting, default=0), a))
        a += SPANS.get(spans[-1][0], 1)
    return spans


def needed_pieces(heights: list, a: int, b: int, size: int) -> list:
    """The spans (level, start, last height of an entry in it or None) for which completeness needs a piece."""
    needed = []
    for level, start in plan(a, b, size):
        inside = [height for height in heights if start <= height < start + SPANS.get(level, 1)]
        if level > 0 or start > max(heights, default=-1):
            needed.append((level, start, max(inside, default=None)))
    return needed


def check_completeness(entries: list, pieces: list, a: int, b: int, tag: bytes, headers: dict, size: int) -> list:
    """All entries of the tag in the blocks a to b of a tree of this size.

    `entries` are (height, presence), ascending; `pieces` (level, start, kind, proof), the kind 'absence' or 'presence'.
    """
    found = _check_entries(entries, a, b, tag, headers)
    totals = {height: entry.total for (height, _), entry in zip(entries, found)}
    needed = needed_pieces(sorted(totals), a, b, size)
    for number, (level, start, kind, proof) in enumerate(pieces):
        if number >= len(needed) or needed[number][:2] != (level, start):
            raise Refused('range-gap')
        last = needed[number][2]
        if (last is None) != (kind == 'absence'):
            raise Refused('complete-rollup')
        if kind == 'absence':
            check_range([(level, start, proof)], start, start + SPANS.get(level, 1) - 1, tag, headers)
            continue
        height = start + SPANS[level]
        if height not in headers:
            raise Refused('range-span')
        parse = lambda leaf, h=height, n=level: parse_rollup_entry(leaf, h, n)  # noqa: E731
        said = check_presence(proof, headers[height]['rollups'][level - 1], tag, parse)
        if (said.last, said.total) != (last, totals[last]):
            raise Refused('complete-rollup')
    if len(pieces) < len(needed):
        raise Refused('range-gap')
    return found


def _check_entries(entries: list, a: int, b: int, tag: bytes, headers: dict) -> list:
    found, last, total = [], None, None
    for height, presence in entries:
        if not a <= height <= b or (last is not None and height <= last):
            raise Refused('complete-link')
        header = headers.get(height)
        if header is None:
            raise Refused('range-span')
        parse = lambda leaf, h=height: parse_entry(leaf, h)  # noqa: E731
        entry = check_presence(presence, header['tags'], tag, parse)
        if last is None:
            linked = entry.previous == NONE_HEIGHT or entry.previous < a
        else:
            linked = entry.previous == last
        if not linked:
            raise Refused('complete-link')
        if last is not None and entry.total != total + entry.count:
            raise Refused('complete-total')
        last, total = height, entry.total
        found.append(entry)
    return found
