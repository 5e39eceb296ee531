"""Block headers, ledger ids, links and bodies of docs/spec/blocks.md."""

from __future__ import annotations

from . import canonical, envelope, merkle, note, tagindex
from .common import MAX_TIME, Bytes, Refused, is_integer, is_origin, sha256, u32, unhex

MAX_HEADER = 65535
LIMITS = {'blockBytes': 268435456, 'blockMessages': 65536, 'dataBytes': 16777216, 'headBytes': 65535}
MAX_TAGS = 65536 * 9
EMPTY_ROOT = sha256().hex()


def ledger_id(founding: bytes) -> bytes:
    return sha256(founding)


def members_at(height: int) -> set:
    names = {'body', 'height', 'messages', 'tags', 'time', 'v'}
    if height == 0:
        return names | {'founding'}
    names |= {'ledger', 'previous'}
    return names | {'rollups'} if height % 256 == 0 else names


def _is_commitment(value: object, size: str, digest: str) -> bool:
    good = isinstance(value, dict) and set(value) == {size, digest}
    return good and is_integer(value[size]) and unhex(value[digest], 32) is not None


def parse(data: bytes) -> dict:
    if len(data) > MAX_HEADER:
        raise Refused('header-too-long')
    header = canonical.read(data, MAX_HEADER)
    if not isinstance(header, dict):
        raise Refused('header-members')
    height = header.get('height')
    if 'height' not in header:
        raise Refused('header-members')
    if not is_integer(height):
        raise Refused('header-value')
    if set(header) != members_at(height):
        raise Refused('header-members')
    _check_values(header, height)
    if height == 0:
        check_founding(header['founding'])
    rollups = header.get('rollups', [])
    if height > 0 and 0 in [part['count'] for part in (header['messages'], header['tags'], *rollups)]:
        raise Refused('header-empty')
    nothing = {'hash': EMPTY_ROOT, 'size': 0}
    none = {'count': 0, 'root': EMPTY_ROOT}
    if height == 0 and (header['messages'] != none or header['tags'] != none or header['body'] != nothing):
        raise Refused('header-empty')
    over = (
        header['messages']['count'] > LIMITS['blockMessages'],
        header['tags']['count'] > 9 * header['messages']['count'],
        header['body']['size'] > LIMITS['blockBytes'],
        *(part['count'] > MAX_TAGS * tagindex.SPANS[level] for level, part in enumerate(rollups, 1)),
    )
    if any(over):
        raise Refused('header-limits')
    return header


def _check_values(header: dict, height: int) -> None:
    good = (
        _is_commitment(header['body'], 'size', 'hash')
        and _is_commitment(header['messages'], 'count', 'root')
        and _is_commitment(header['tags'], 'count', 'root')
        and is_integer(header['time'], 0, MAX_TIME)
        and is_integer(header['v'], 1, 1)
    )
    if height > 0:
        good = good and unhex(header['ledger'], 32) is not None and unhex(header['previous'], 32) is not None
    if 'rollups' in header:
        rollups = header['rollups']
        needed = 2 if height % 65536 == 0 else 1
        good = good and isinstance(rollups, list) and len(rollups) == needed
        good = good and all(_is_commitment(item, 'count', 'root') for item in rollups)
    if not good:
        raise Refused('header-value')


def check_founding(founding: object) -> None:
    if not isinstance(founding, dict) or set(founding) != {'limits', 'log', 'origin', 'promise'}:
        raise Refused('header-founding')
    limits, origin = founding['limits'], founding['origin']
    if not isinstance(limits, dict) or set(limits) != set(LIMITS):
        raise Refused('header-founding')
    if not all(is_integer(limits[name], 1, LIMITS[name]) for name in LIMITS):
        raise Refused('header-founding')
    if not is_origin(origin):
        raise Refused('header-founding')
    keys = []
    for member, name in (('log', origin), ('promise', origin + '/promise')):
        try:
            key = note.parse_vkey(founding[member])
        except Refused:
            raise Refused('header-founding') from None
        if key.name != name or key.type != 1:
            raise Refused('header-founding')
        keys.append(key.key)
    if keys[0] == keys[1]:
        raise Refused('header-founding')


def is_valid_at(data: bytes, position: int, ledger: bytes) -> bool:
    """Whether an entry of the block log is a header that is valid at its position."""
    try:
        header = parse(data)
    except Refused:
        return False
    if header['height'] != position:
        return False
    return ledger_id(data) == ledger if position == 0 else header['ledger'] == ledger.hex()


def check_link(lower: bytes, upper: bytes, ledger: bytes, limits: dict) -> None:
    """That a valid header is linked to the valid header below it."""
    low, high = parse(lower), parse(upper)
    if high['height'] != low['height'] + 1:
        raise Refused('chain-height')
    if high['previous'] != sha256(lower).hex():
        raise Refused('chain-previous')
    if high['ledger'] != ledger.hex():
        raise Refused('chain-ledger')
    if high['time'] < low['time']:
        raise Refused('chain-time')
    if high['messages']['count'] > limits['blockMessages'] or high['body']['size'] > limits['blockBytes']:
        raise Refused('chain-limits')


ABSENT = 2**32 - 1


def compose_body(messages: list) -> bytes:
    """A body from (leaf bytes, data or None) pairs."""
    parts = []
    for leaf, data in messages:
        parts.append(u32(len(leaf)) + leaf + (u32(ABSENT) if data is None else u32(len(data)) + data))
    return b''.join(parts)


def cut_body(data: bytes, count: int, limit: int) -> list:
    """The (leaf bytes, data or None) pairs of a body with `count` messages; the leaves are not looked at."""
    if len(data) > limit:
        raise Refused('body-too-long')
    read, messages = Bytes(data, 'body-truncated'), []
    while read.left:
        if len(messages) == count:
            raise Refused('body-count')
        length = read.number(4)
        if not 1 <= length <= envelope.MAX_LEAF:
            raise Refused('body-leaf')
        leaf, size = read.take(length), read.number(4)
        if size != ABSENT and size > envelope.MAX_DATA:
            raise Refused('body-data')
        messages.append((leaf, None if size == ABSENT else read.take(size)))
    if len(messages) < count:
        raise Refused('body-count')
    return messages


class Below:
    """What must be known of the blocks below: founding limits, tag state, ids, and their tag indexes for roll-ups."""

    def __init__(self, ledger: bytes, limits: dict):
        self.ledger, self.limits, self.tags, self.ids, self.indexes = ledger, limits, {}, set(), {0: []}


def verify_body(data: bytes, header: dict, below: Below) -> list:
    """The parsed leaves of the body of a linked header, everything about it checked."""
    pairs = cut_body(data, header['messages']['count'], below.limits['blockBytes'])
    if merkle.Tree.of([leaf for leaf, _ in pairs]).root().hex() != header['messages']['root']:
        raise Refused('body-root')
    leaves = []
    for raw, payload in pairs:
        leaf = envelope.parse_leaf(raw)
        envelope.verify(leaf, below.ledger, below.limits, payload)
        leaves.append(leaf)
    if sum(8 + len(raw) + leaf.data_length for (raw, _), leaf in zip(pairs, leaves)) != header['body']['size']:
        raise Refused('body-size')
    ids = [leaf.id for leaf in leaves]
    if len(set(ids)) != len(ids) or below.ids & set(ids):
        raise Refused('body-repeated')
    height = header['height']
    entries = tagindex.index_of([(leaf.id, leaf.tags) for leaf in leaves], dict(below.tags), height)
    if tagindex.Side([entry.bytes for entry in entries]).commitment() != header['tags']:
        raise Refused('body-tags')
    for level, commitment in enumerate(header.get('rollups', []), 1):
        rollup = tagindex.rollup_of(below.indexes, height - tagindex.SPANS[level], height)
        if tagindex.Side([entry.bytes for entry in rollup]).commitment() != commitment:
            raise Refused('body-rollup')
    return leaves
