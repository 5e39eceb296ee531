"""A small firehose that makes ledgers for the vectors: honest unless a case reaches in before a block is sealed."""

from __future__ import annotations

from . import canonical, ed25519, envelope, header, merkle, note, tagindex
from .common import b64, sha256


class Ledger:
    """Blocks of one ledger. `seal` takes messages as (leaf, data) pairs; the hooks of `seal` make the lies."""

    def __init__(
        self, fixed, name: str, origin: str = 'log.example/countersign', time: int = 1700000000, **limits: int
    ):
        self.log = note.Signer(origin, note.LOG, fixed(name + ' log key'))
        self.promiser = note.Signer(origin + '/promise', note.LOG, fixed(name + ' promise key'))
        self.limits = {**header.LIMITS, **limits}
        self.headers, self.bodies, self.leaves, self.indexes, self.rollups = [], [], [], [], []
        self.entries, self.state, self.trees, self.lists = {}, {}, {}, {}
        self._add(self.founding(time), b'', [], [], [])

    def founding(self, time: int) -> bytes:
        none = {'count': 0, 'root': header.EMPTY_ROOT}
        founding = {
            'limits': self.limits,
            'log': self.log.vkey,
            'origin': self.log.name,
            'promise': self.promiser.vkey,
        }
        body = {'hash': sha256().hex(), 'size': 0}
        members = {
            'body': body,
            'founding': founding,
            'height': 0,
            'messages': none,
            'tags': none,
            'time': time,
            'v': 1,
        }
        return canonical.write(members)

    @property
    def id(self) -> bytes:
        return header.ledger_id(self.headers[0])

    @property
    def height(self) -> int:
        return len(self.headers) - 1

    def _add(self, data: bytes, body: bytes, leaves: list, index: list, rollups: list) -> None:
        self.headers.append(data)
        self.bodies.append(body)
        self.leaves.append(leaves)
        self.indexes.append(tagindex.Side(index))
        self.rollups.append([tagindex.Side(rollup) for rollup in rollups])

    def seal(
        self, messages: list, time: int, edit_index=None, edit_rollups=None, edit_header=None, raw=None
    ) -> bytes:
        """Seals a block. `edit_index` and `edit_rollups` change lists of leaf bytes, `edit_header` the members of the
        header (or returns bytes that stand in its place), `raw` gives the leaf bytes of positions that are no message.
        """
        height = len(self.headers)
        leaves = [leaf.bytes for leaf, _ in messages]
        for at, data in (raw or {}).items():
            leaves.insert(at, data)
        body = header.compose_body([(leaf.bytes, data) for leaf, data in messages])
        entries = tagindex.index_of([(leaf.id, leaf.tags) for leaf, _ in messages], self.state, height)
        self.entries[height] = entries
        self.keep_lists(entries)
        index = [entry.bytes for entry in entries]
        index = edit_index(index) if edit_index else index
        rollups = []
        for level, span in tagindex.SPANS.items():
            if height % span == 0:
                spans = {**{0: []}, **self.entries}
                rollups.append([entry.bytes for entry in tagindex.rollup_of(spans, height - span, height)])
        rollups = edit_rollups(rollups) if edit_rollups else rollups
        members = {
            'body': {'hash': sha256(body).hex(), 'size': len(body)},
            'height': height,
            'ledger': self.id.hex(),
            'messages': {'count': len(leaves), 'root': merkle.Tree.of(leaves).root().hex()},
            'previous': sha256(self.headers[-1]).hex(),
            'tags': tagindex.Side(index).commitment(),
            'time': time,
            'v': 1,
        }
        if rollups:
            members['rollups'] = [tagindex.Side(rollup).commitment() for rollup in rollups]
        changed = edit_header(members) if edit_header else None
        data = changed if isinstance(changed, bytes) else canonical.write(members)
        self._add(data, body, leaves, index, rollups)
        return data

    # What the operator signs and serves.

    def tree(self, size: int | None = None) -> merkle.Tree:
        size = len(self.headers) if size is None else size
        if size not in self.trees:
            self.trees[size] = merkle.Tree.of(self.headers[:size])
        return self.trees[size]

    def checkpoint(self, size: int | None = None) -> bytes:
        tree = self.tree(size)
        text = note.checkpoint_text(self.log.name, len(tree.hashes), tree.root())
        return note.sign(text, self.log.line(text))

    def block(self, height: int, size: int | None = None) -> dict:
        path = [item.hex() for item in self.tree(size).path(height)]
        return {'header': b64(self.headers[height]), 'height': height, 'path': path}

    def message(self, height: int, index: int) -> dict:
        tree = merkle.Tree.of(self.leaves[height])
        return {
            'index': index,
            'leaf': b64(self.leaves[height][index]),
            'path': [item.hex() for item in tree.path(index)],
        }

    def presence(self, height: int, tag: bytes) -> dict:
        side = self.indexes[height]
        return side.presence(side.find(tag))

    def keep_lists(self, entries: list) -> None:
        """So that `indices` can show the lists of these entries."""
        self.lists.update((sha256(entry.list), entry.list) for entry in entries)

    def indices(self, height: int, tag: bytes) -> str:
        """The list of the leaf of a tag, as evidence shows it."""
        side = self.indexes[height]
        return b64(self.lists[side.leaves[side.find(tag)][56:]])

    def absence(self, height: int, tag: bytes) -> dict:
        return self.indexes[height].absence(tag)

    def below(self) -> header.Below:
        """The state of the blocks sealed so far, for checking a next one."""
        below = header.Below(self.id, self.limits)
        below.tags = dict(self.state)
        below.indexes.update(self.entries)
        for leaves in self.leaves:
            below.ids |= {envelope.parse_leaf(leaf).id for leaf in leaves}
        return below


class Author:
    """Writes messages for a ledger with one key."""

    def __init__(self, fixed, name: str, ledger: bytes):
        self.fixed, self.name, self.ledger, self.count = fixed, name, ledger, 0
        self.seed = fixed(name + ' signing key')

    @property
    def key(self) -> bytes:
        return ed25519.public_key(self.seed)

    def head(self, body: dict, tags: list = (), time: int = 1700000000, v: int = 1) -> dict:
        self.count += 1
        nonce = self.fixed('%s nonce %d' % (self.name, self.count), 16)
        return envelope.head_of(self.ledger, nonce, body, list(tags), time, v)

    def write(
        self, body: dict, tags: list = (), data: bytes = b'', kind: str = 'text/vnd.example.note'
    ) -> tuple:
        return envelope.compose(self.seed, kind, self.head(body, tags), data), data
