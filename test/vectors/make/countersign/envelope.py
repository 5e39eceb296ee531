"""Messages of docs/spec/envelope.md: signed bytes, ids, leaves, wire form, heads, and the file record."""

from __future__ import annotations

import re

from . import canonical, ed25519
from .common import MAX_TIME, Bytes, Refused, is_integer, sha256, u8, u32, unhex

MAX_HEAD = 65535
MAX_DATA = 16777216
MAX_LEAF = 1 + 127 + 1 + 32 + 4 + MAX_HEAD + 4 + 32 + 64
RECORD_TYPE = 'application/vnd.countersign.record.v1'
_TYPE = re.compile(rb'[a-z0-9][a-z0-9._+/-]{0,126}')


def pre_authentication(payload_type: str, body: bytes) -> bytes:
    """DSSE's PAE."""
    kind = payload_type.encode('utf-8')
    return b'DSSEv1 %d %s %d %s' % (len(kind), kind, len(body), body)


class Leaf:
    """A leaf's parts; `head` is set when the head has been read."""

    def __init__(
        self, kind: str, sender: bytes, head_bytes: bytes, size: int, digest: bytes, signature: bytes = b''
    ):
        self.type, self.sender, self.head_bytes = kind, sender, head_bytes
        self.data_length, self.data_hash, self.signature = size, digest, signature
        self.head = None

    @property
    def body(self) -> bytes:
        head = u32(len(self.head_bytes)) + self.head_bytes
        return u8(1) + self.sender + head + u32(self.data_length) + self.data_hash

    @property
    def signed_bytes(self) -> bytes:
        return pre_authentication(self.type, self.body)

    @property
    def id(self) -> bytes:
        return sha256(self.signed_bytes)

    @property
    def bytes(self) -> bytes:
        kind = self.type.encode('ascii')
        return u8(len(kind)) + kind + self.body + self.signature

    @property
    def tags(self) -> list:
        """The tags of the head and the id."""
        return sorted({bytes.fromhex(tag) for tag in self.head['tags']} | {self.id})


def head_of(ledger: bytes, nonce: bytes, body: dict, tags: list, time: int, v: int = 1) -> dict:
    return {
        'body': body,
        'ledger': ledger.hex(),
        'nonce': nonce.hex(),
        'tags': sorted(tag.hex() for tag in tags),
        'time': time,
        'v': v,
    }


def compose(seed: bytes, kind: str, head: dict | bytes, data: bytes = b'') -> Leaf:
    """A signed leaf. A head given as bytes is taken as it is, for cases that must be refused."""
    head_bytes = head if isinstance(head, bytes) else canonical.write(head)
    leaf = Leaf(kind, ed25519.public_key(seed), head_bytes, len(data), sha256(data))
    leaf.head = None if isinstance(head, bytes) else head
    leaf.signature = ed25519.sign(seed, leaf.signed_bytes)
    return leaf


def _layout(read: Bytes) -> Leaf:
    length = read.number(1)
    if not 1 <= length <= 127:
        raise Refused('envelope-type')
    kind = read.take(length)
    if not _TYPE.fullmatch(kind):
        raise Refused('envelope-type')
    if read.number(1) != 1:
        raise Refused('envelope-version')
    sender = read.take(32)
    head_length = read.number(4)
    if head_length > MAX_HEAD:
        raise Refused('envelope-head-too-long')
    head = read.take(head_length)
    size = read.number(4)
    if size > MAX_DATA:
        raise Refused('envelope-data-too-long')
    digest = read.take(32)
    return Leaf(kind.decode('ascii'), sender, head, size, digest, read.take(64))


def read_head(data: bytes) -> dict:
    head = canonical.read(data, MAX_HEAD)
    if not isinstance(head, dict) or set(head) != {'body', 'ledger', 'nonce', 'tags', 'time', 'v'}:
        raise Refused('head-members')
    good = (
        isinstance(head['body'], dict)
        and unhex(head['ledger'], 32) is not None
        and unhex(head['nonce'], 16) is not None
        and isinstance(head['tags'], list)
        and all(unhex(tag, 32) is not None for tag in head['tags'])
        and is_integer(head['time'], 0, MAX_TIME)
        and is_integer(head['v'], 1)
    )
    if not good:
        raise Refused('head-value')
    tags = head['tags']
    if len(tags) > 8 or any(a >= b for a, b in zip(tags, tags[1:])):
        raise Refused('head-tags')
    return head


def parse_leaf(data: bytes) -> Leaf:
    if len(data) > MAX_LEAF:
        raise Refused('envelope-too-long')
    read = Bytes(data, 'envelope-truncated')
    leaf = _layout(read)
    if read.left:
        raise Refused('envelope-trailing')
    leaf.head = read_head(leaf.head_bytes)
    return leaf


def parse_wire(data: bytes) -> tuple:
    """Leaf and data of a message as it travels."""
    if len(data) > MAX_LEAF + MAX_DATA:
        raise Refused('envelope-too-long')
    read = Bytes(data, 'envelope-truncated')
    leaf = _layout(read)
    payload = read.take(leaf.data_length)
    if read.left:
        raise Refused('envelope-trailing')
    leaf.head = read_head(leaf.head_bytes)
    return leaf, payload


def verify(leaf: Leaf, ledger: bytes, limits: dict, data: bytes | None) -> None:
    """Judges a parsed leaf for a ledger; `data` is None when it is absent."""
    if len(leaf.head_bytes) > limits['headBytes']:
        raise Refused('envelope-head-too-long')
    if leaf.data_length > limits['dataBytes']:
        raise Refused('envelope-data-too-long')
    if leaf.head['ledger'] != ledger.hex():
        raise Refused('head-ledger')
    if not ed25519.is_good(leaf.sender, leaf.signed_bytes, leaf.signature):
        raise Refused('envelope-signature')
    if data is not None and (len(data) != leaf.data_length or sha256(data) != leaf.data_hash):
        raise Refused('envelope-data')


def record_value(file: bytes, salt: bytes | None) -> bytes:
    return sha256(file) if salt is None else sha256(b'countersign/file/v1', salt, sha256(file))


def record_tag(value: bytes) -> bytes:
    return sha256(b'countersign/record/v1', value)


def read_record(leaf: Leaf) -> dict:
    body = leaf.head['body']
    if set(body) != {'method', 'value'}:
        raise Refused('record-members')
    value = unhex(body['value'], 32)
    if body['method'] not in ('salted', 'public') or value is None:
        raise Refused('record-value')
    if record_tag(value).hex() not in leaf.head['tags']:
        raise Refused('record-tag')
    return body
