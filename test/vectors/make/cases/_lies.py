"""Ledgers whose operators lie, for evidence.json. Every lie stands in a block of its own."""

from __future__ import annotations

import copy

from countersign import canonical, ed25519, envelope, merkle, note, promise, tagindex
from countersign.common import sha256
from countersign.ledger import Author, Ledger
from countersign.tagindex import Entry, RollupEntry

from ._render import fixed

TIME = 1700000000
TAG, OTHER, SPARE = (fixed('lies ' + name) for name in ('tag', 'other', 'spare'))
KIND = 'text/vnd.example.note'


class Lies:
    """One ledger with lies about messages, tags and headers. `at` says at which height each stands."""

    def __init__(self):
        self.ledger = Ledger(fixed, 'lies', blockMessages=8, headBytes=700, dataBytes=64)
        self.author = Author(fixed, 'lies author', self.ledger.id)
        self.at, self.written = {}, {}
        self._honest()
        self._messages()
        self._tags()
        self._links()
        self._headers()

    def seal(self, name: str, messages: list, **hooks: object) -> None:
        self.at[name] = len(self.ledger.headers)
        self.written[name] = [leaf for leaf, _ in messages]
        self.ledger.seal(messages, TIME + 10 * self.at[name], **hooks)

    def write(self, tags: list = (), data: bytes = b'', text: str = 'x') -> tuple:
        return self.author.write({'text': text}, list(tags), data)

    def _honest(self) -> None:
        self.seal('first', [self.write([TAG]), self.write([TAG, OTHER])])
        self.seal('second', [self.write([TAG])])

    def _messages(self) -> None:
        good = self.write([SPARE])
        bad = envelope.compose(self.author.seed, KIND, good[0].head)
        bad.signature = bad.signature[:-1] + bytes([bad.signature[-1] ^ 1])
        foreign = envelope.compose(self.author.seed, KIND, {**good[0].head, 'ledger': '11' * 32})
        unsorted = {**good[0].head, 'tags': [max(TAG, OTHER).hex(), min(TAG, OTHER).hex()]}
        unread = envelope.compose(self.author.seed, KIND, canonical.write(unsorted))
        wide = self.write(text='x' * 600)[0]
        heavy = self.write(data=bytes(65))[0]
        raw = {
            1: b'no message',
            2: bad.bytes,
            3: foreign.bytes,
            4: unread.bytes,
            5: wide.bytes,
            6: heavy.bytes,
        }
        self.seal('messages', [good], raw=raw)
        again, twin = self.write([SPARE]), self.written['first'][0]
        resigned = envelope.Leaf(again[0].type, again[0].sender, again[0].head_bytes, 0, again[0].data_hash)
        resigned.signature = second_signature(self.author.seed, resigned.signed_bytes)
        between = self.write()
        self.seal('repeated', [again, between], raw={2: again[0].bytes, 3: resigned.bytes, 4: twin.bytes})

    def _edit(self, change):
        """A hook that changes the parsed entries: `change` takes a dict by tag and may put bytes in it."""

        def edit(leaves: list) -> list:
            honest = self.ledger.entries[len(self.ledger.headers)]
            entries = {entry.tag: copy.deepcopy(entry) for entry in honest}
            change(entries)
            self.ledger.keep_lists([item for item in entries.values() if isinstance(item, Entry)])
            ordered = sorted(entries.items())
            return [
                item if isinstance(item, bytes) else item.bytes for _, item in ordered if item is not None
            ]

        return edit

    def _tags(self) -> None:
        one, two, three = self.write([TAG]), self.write([TAG, OTHER]), self.write()

        def missing(entries: dict) -> None:
            entries[OTHER] = None
            entries[TAG].indices = [1]
            entries[TAG].total -= 1
            entries[one[0].id].own = tagindex.NO_OWN
            entries[three[0].id] = None

        self.seal('missing', [one, two, three], edit_index=self._edit(missing))
        # A message with the id of another as its tag, placed so that a wrong own index can name it.
        named = self.write()
        pointing = self.author.write({'text': 'y'}, [named[0].id])
        carried = self.write([named[0].id])

        def own(entries: dict) -> None:
            entries[named[0].id].own = 2

        self.seal('own-later', [named, pointing, carried], edit_index=self._edit(own))

        first, second = self.write([TAG]), self.write()

        def foreign(entries: dict) -> None:
            entries[TAG] = Entry(TAG, entries[TAG].previous, entries[TAG].total + 2, [0, 1, 7])
            entries[SPARE] = Entry(SPARE, tagindex.NONE_HEIGHT, 1, [2**32 - 1])
            entries[OTHER] = Entry(OTHER, tagindex.NONE_HEIGHT, 1, [0], 0)

        tagged = self.author.write({'text': 'z'}, [TAG])

        def false_own(entries: dict) -> None:
            foreign(entries)
            entries[TAG].own = 0
            entries[fixed('lies far own')] = Entry(fixed('lies far own'), tagindex.NONE_HEIGHT, 1, [9], 9)

        self.seal('foreign', [first, second, tagged], edit_index=self._edit(false_own))
        height = len(self.ledger.headers)
        some = self.write([TAG])

        def malformed(entries: dict) -> None:
            for number, data in enumerate(
                (
                    Entry(b'\x01' * 32, tagindex.NONE_HEIGHT, 1, [0]).bytes[:-1],
                    b'',
                    Entry(b'\x03' * 32, tagindex.NONE_HEIGHT, 0, []).bytes,
                    Entry(b'\x04' * 32, tagindex.NONE_HEIGHT, 2, [1, 0]),
                    Entry(b'\x05' * 32, tagindex.NONE_HEIGHT, 1, [0], 5),
                    Entry(b'\x06' * 32, height, 2, [0]).bytes,
                    Entry(b'\x07' * 32, tagindex.NONE_HEIGHT, 2, [0]).bytes,
                    Entry(b'\x08' * 32, tagindex.NONE_HEIGHT, 2, [0], count=2),
                )
            ):
                entries[bytes([number]) * 32] = data

        self.seal('malformed', [some, self.write()], edit_index=self._edit(malformed))
        swap = [self.write([TAG]), self.write([OTHER])]

        def unsorted(leaves: list) -> list:
            return [leaves[1], leaves[0], *leaves[2:], leaves[-1], b'short']

        self.seal('unsorted', swap, edit_index=unsorted)

    def _links(self) -> None:
        base = len(self.ledger.headers)
        tags = self.link_tags = [fixed(f'lies link {number}') for number in range(7)]
        self.seal('link-0', [self.write(tags[:3]), self.write(tags[3:]), self.write(tags[6:]), self.write(tags[6:])])
        self.seal('link-1', [self.write(tags[:1] + tags[2:])])

        def lie(entries: dict) -> None:
            entries[tags[0]].previous = base  # link-1 has it too: a block is left out
            entries[tags[1]].previous = base + 1  # link-1 does not have it
            entries[tags[2]].total = 9  # does not add up
            entries[tags[3]] = Entry(tags[3], tagindex.NONE_HEIGHT, 1, [0])  # said to be the first
            # tags[4] is honest
            entries[tags[5]].total = 2  # link-1 is named, and nothing was added since link-0
            entries[tags[6]].total = 2  # falls: link-0 counts 3

        self.seal('link-2', [self.write(tags)], edit_index=self._edit(lie))

    def _headers(self) -> None:
        def changed(**members: object):
            def edit(made: dict) -> None:
                made.update(members)

            return edit

        one = [self.write()]
        self.seal('time', one, edit_header=changed(time=TIME))
        self.seal('previous', [self.write()], edit_header=changed(previous='22' * 32))
        self.seal('limits', [self.write() for _ in range(9)])
        self.seal('other-ledger', [self.write()], edit_header=changed(ledger='33' * 32))
        self.seal('other-height', [self.write()], edit_header=changed(height=5000))
        self.seal('no-header', [self.write()], edit_header=lambda made: b'no header')
        self.seal('empty', [self.write()], edit_header=changed(tags={'count': 0, 'root': sha256().hex()}))
        self.seal('second-founding', [self.write()], edit_header=lambda made: self.ledger.headers[0])
        self.seal('last', [self.write([TAG])])


def second_signature(seed: bytes, message: bytes) -> bytes:
    """Another valid signature by the same key over the same bytes: with another nonce than RFC 8032 takes."""
    key, nonce = ed25519.public_key(seed), int.from_bytes(fixed('second nonce', 64), 'little') % ed25519.L
    r = ed25519.encode(ed25519.multiply_base(nonce))
    s = (nonce + ed25519.challenge(r, key, message) * ed25519.expand(seed)[0]) % ed25519.L
    return r + s.to_bytes(32, 'little')


class Rollups:
    """A ledger of 258 blocks with lies in the roll-up at 256. Tags are named by what is said about them."""

    NAMES = ('honest', 'last', 'gone', 'total', 'less', 'left out', 'malformed', 'denied')

    def __init__(self):
        self.ledger = Ledger(fixed, 'rollup lies')
        self.author = Author(fixed, 'rollup lies author', self.ledger.id)
        self.tags = {name: fixed('rollup lies ' + name) for name in self.NAMES}
        self.tags['invented'] = fixed('rollup lies invented')
        self.tags['recounted'] = fixed('rollup lies recounted')
        for height in range(1, 258):
            hooks = {256: {'edit_rollups': self._lie}, 257: {'edit_index': self._deny}}.get(height, {})
            messages = [self.author.write({'n': height}, self._tags_at(height))]
            if height == 200:
                messages.append(self.author.write({'n': 0}, [self.tags['recounted']]))
            self.ledger.seal(messages, TIME + 5 * height, **hooks)

    def _tags_at(self, height: int) -> list:
        whole = self.NAMES
        names = {3: whole, 100: ('less',), 200: whole, 257: ('honest', 'denied', 'recounted')}.get(height, ())
        return [self.tags[name] for name in names]

    def _deny(self, leaves: list) -> list:
        entries = {entry.tag: copy.deepcopy(entry) for entry in self.ledger.entries[257]}
        denied, recounted = entries[self.tags['denied']], entries[self.tags['recounted']]
        denied.previous, denied.total = tagindex.NONE_HEIGHT, 1
        recounted.total = 5
        return [entry.bytes for _, entry in sorted(entries.items())]

    def _lie(self, rollups: list) -> list:
        tags, leaves = self.tags, {leaf[:32]: leaf for leaf in rollups[0]}
        leaves[tags['last']] = RollupEntry(tags['last'], 3, 1).bytes  # 200 has it too
        leaves[tags['gone']] = RollupEntry(tags['gone'], 150, 2).bytes  # 150 does not have it
        leaves[tags['total']] = RollupEntry(tags['total'], 200, 7).bytes
        leaves[tags['less']] = RollupEntry(tags['less'], 200, 1).bytes  # 100 counts 2
        leaves[tags['malformed']] = RollupEntry(tags['malformed'], 256, 2).bytes
        del leaves[tags['left out']]
        made = [leaf for _, leaf in sorted(leaves.items())]
        return [[*made, made[3], made[-1][:20]]]


class Far:
    """A log of 65,537 entries of which only the founding header, block 3 and block 65,536 are headers."""

    def __init__(self):
        self.ledger = Ledger(fixed, 'far lies')
        author = Author(fixed, 'far lies author', self.ledger.id)
        self.tag = fixed('far lies tag')
        ledger = self.ledger
        for height in range(1, 65536):
            if height == 3:
                ledger.state = {}
                ledger.seal([author.write({'n': 3}, [self.tag])], TIME + 5)
            else:
                ledger._add(b'entry %d' % height, b'', [], [], [])
        message, _ = author.write({'n': 65536}, [])
        index = [tagindex.Entry(message.id, tagindex.NONE_HEIGHT, 1, [0], 0).bytes]
        leaf = RollupEntry(fixed('far'), 65500, 1).bytes
        second = [RollupEntry(self.tag, 3, 5).bytes, RollupEntry(b'\xff' * 32, 65536, 1).bytes]
        members = {
            'body': {'hash': sha256().hex(), 'size': 0},
            'height': 65536,
            'ledger': ledger.id.hex(),
            'messages': {'count': 1, 'root': merkle.Tree.of([message.bytes]).root().hex()},
            'previous': sha256(ledger.headers[-1]).hex(),
            'rollups': [tagindex.Side([leaf]).commitment(), tagindex.Side(second).commitment()],
            'tags': tagindex.Side(index).commitment(),
            'time': TIME + 9,
            'v': 1,
        }
        ledger._add(canonical.write(members), b'', [message.bytes], index, [[leaf], second])


class Promised:
    """Honest blocks, and promises about messages that stand in them or do not."""

    def __init__(self):
        self.ledger = Ledger(fixed, 'promise lies')
        author = Author(fixed, 'promise lies author', self.ledger.id)
        self.never = author.write({'text': 'never sealed'})[0]
        self.kept = author.write({'text': 'sealed'})
        for height in range(1, 9):
            messages = [author.write({'n': height})]
            if height == 4:
                messages.append(author.write({'n': 'names the id'}, [self.never.id]))
            if height == 5:
                messages.append(self.kept)
            self.ledger.seal(messages, TIME + 10 * height)

    def promise(
        self, message: bytes, size: int, last_height: int, last_time: int, ledger: bytes | None = None
    ) -> str:
        text = promise.text_of(ledger or self.ledger.id, message, size, last_height, last_time)
        return note.sign(text, self.ledger.promiser.line(text)).decode()

    def without(self, height: int, message: bytes) -> dict:
        side = self.ledger.indexes[height]
        if any(leaf[:32] == message for leaf in side.leaves):
            return {'block': self.ledger.block(height), 'presence': self.ledger.presence(height, message)}
        return {'absence': self.ledger.absence(height, message), 'block': self.ledger.block(height)}


class Forks:
    """Two logs under one founding header that part after block 2."""

    def __init__(self):
        self.one, self.two = Ledger(fixed, 'fork lies'), Ledger(fixed, 'fork lies')
        author = Author(fixed, 'fork lies author', self.one.id)
        for height in range(1, 9):
            message = author.write({'n': height})
            other = message if height <= 2 else author.write({'n': -height})
            self.one.seal([message], TIME + height)
            self.two.seal([other], TIME + height)

    def signed(self, size: int, root: bytes, origin: str | None = None, extensions: tuple = ()) -> str:
        """Any head at all, signed by the log key."""
        text = note.checkpoint_text(origin or self.one.log.name, size, root, extensions)
        return note.sign(text, self.one.log.line(text)).decode()

    def prefix(self, ledger: Ledger, old: int, new: int) -> list:
        tree = ledger.tree(new)
        return [tree.mth(*part).hex() for part in merkle.prefix_nodes(old, new)]
