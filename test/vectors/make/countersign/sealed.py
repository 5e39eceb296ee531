"""Sealed messages, their contents, and documents of docs/spec/channels.md."""

from __future__ import annotations

import re

from . import canonical, ed25519, envelope, secretbox
from .channel import D, Epoch, Resolved, fresh, padded, step, transaction_tag, unpadded
from .common import Refused, is_integer, is_plain_text, sha256, u8, u64, unhex
from .kdf import expand, label

SEALED = 'application/vnd.countersign.sealed.v1'
PART = 'application/vnd.countersign.document-part.v1'
CONTENT = 'application/vnd.countersign.content-'
LONGEST = 14680064
LARGEST = 2**32
CHUNK = 65536
SCOPES = ('message', 'period', 'epoch', 'channel', 'transaction')
_TYPE = re.compile(r'[a-z0-9][a-z0-9._+/-]{0,126}', re.ASCII)


def box_of(message_key: bytes, ctx: list, salt: bytes) -> tuple:
    """Key, nonce, commitment."""
    derived = expand(message_key, label([D, 'box', *ctx, salt]), 88)
    return derived[:32], derived[32:56], derived[56:]


def ctx_of(epoch: Resolved, leaf: envelope.Leaf) -> list:
    return [*epoch.context, epoch.id, leaf.sender, leaf.type]


def plaintext_of(content_type: str, content: bytes) -> bytes:
    return u8(len(content_type)) + content_type.encode('ascii') + content


def seal(seed: bytes, epoch: Resolved, keys: Epoch, plain: bytes, local: bytes, random: bytes, nonce: bytes, time: int, **changes: object) -> tuple:
    """A sealed message as (leaf, data, message key). `changes`: `body`, `tags`, `padding`, `edit` (of the data)."""
    ctx = [*epoch.context, epoch.id, ed25519.public_key(seed), SEALED]
    salt = fresh(local, random, 'message', label(ctx) + plain)
    message_key = keys.message_key(ctx, salt)
    key, box_nonce, commitment = box_of(message_key, ctx, salt)
    data = secretbox.seal(key, box_nonce, changes.get('padding', padded(plain)))
    data = changes.get('edit', lambda data: data)(data)
    body = {'commitment': commitment.hex(), 'epoch': epoch.id.hex(), 'salt': salt.hex(), **changes.get('body', {})}
    body = {name: value for name, value in body.items() if value is not ...}
    tags = changes.get('tags', [transaction_tag(*epoch.context[:2]), bytes.fromhex(epoch.body['tag'])])
    head = envelope.head_of(epoch.context[0], nonce, body, tags, time)
    return envelope.compose(seed, SEALED, head, data), data, message_key


def read_sealed(leaf: envelope.Leaf) -> dict:
    body = leaf.head['body']
    if set(body) != {'commitment', 'epoch', 'salt'}:
        raise Refused('sealed-members')
    if any(unhex(value, 32) is None for value in body.values()):
        raise Refused('sealed-value')
    length = leaf.data_length - 16
    if length < 0 or step(length) != length or length > LONGEST:
        raise Refused('sealed-size')
    return body


def open_sealed(epoch: Resolved, leaf: envelope.Leaf, data: bytes | None, opened: tuple | None, key: bytes | None) -> tuple:
    """Content type and content, with an opened epoch (Epoch, members) or with a message key."""
    body = read_sealed(leaf)
    if body['epoch'] != epoch.id.hex() or leaf.head['ledger'] != epoch.context[0].hex():
        raise Refused('sealed-epoch')
    if not {transaction_tag(*epoch.context[:2]).hex(), epoch.body['tag']} <= set(leaf.head['tags']):
        raise Refused('sealed-tag')
    if opened is not None and leaf.sender not in [sign for sign, _ in opened[1]]:
        raise Refused('sealed-sender')
    if data is None:
        raise Refused('sealed-withheld')
    ctx, salt = ctx_of(epoch, leaf), bytes.fromhex(body['salt'])
    message_key = key if opened is None else opened[0].message_key(ctx, salt)
    box_key, nonce, commitment = box_of(message_key, ctx, salt)
    if commitment.hex() != body['commitment']:
        raise Refused('sealed-commitment')
    padding = secretbox.open_box(box_key, nonce, data)
    plain = None if padding is None else unpadded(padding)
    if plain is None or not plain or len(plain) < 1 + plain[0]:
        raise Refused('sealed-box')
    name = plain[1 : 1 + plain[0]].decode('latin-1')
    if not _TYPE.fullmatch(name):
        raise Refused('sealed-box')
    return name, plain[1 + plain[0] :]


def content(kind: str, **members: object) -> tuple:
    return CONTENT + kind + '.v1', canonical.write(members)


def _ascending(value: object, most: int) -> bool:
    return (
        isinstance(value, list)
        and 1 <= len(value) <= most
        and all(unhex(item, 32) is not None for item in value)
        and all(a < b for a, b in zip(value, value[1:]))
    )


_KEY = lambda value: unhex(value, 32) is not None  # noqa: E731
_READERS = {
    'text': ({'text': lambda value: isinstance(value, str) and is_plain_text(value.replace('\n', ' '), 65536)}, {}),
    'joined': ({'proof': _KEY}, {}),
    'leave': ({}, {}),
    'remove': ({'members': lambda value: _ascending(value, 256)}, {}),
    'read': ({'messages': lambda value: _ascending(value, 1000)}, {}),
    'document': (
        {
            'hash': _KEY,
            'key': _KEY,
            'media': lambda value: isinstance(value, str) and _TYPE.fullmatch(value) is not None,
            'name': lambda value: is_plain_text(value, 255),
            'size': lambda value: is_integer(value, 0, LARGEST),
        },
        {},
    ),
    'disclosed': ({'grant': _KEY, 'scope': lambda value: value in SCOPES}, {'to': _KEY}),
}


def read_content(content_type: str, data: bytes) -> dict | None:
    """The members, or None when the type is not known."""
    kind = next((kind for kind in _READERS if CONTENT + kind + '.v1' == content_type), None)
    if kind is None:
        return None
    needed, optional = _READERS[kind]
    members = canonical.read(data, 1048576)
    if not isinstance(members, dict) or not set(needed) <= set(members) <= set(needed) | set(optional):
        raise Refused('content-members')
    if not all({**needed, **optional}[name](value) for name, value in members.items()):
        raise Refused('content-value')
    return members


def document_keys(key: bytes, ctx: list) -> tuple:
    """Box key and name; ctx is [ledger, transaction, channel, sender]."""
    derived = expand(key, label([D, 'document', *ctx]), 64)
    return derived[:32], derived[32:]


def document_key(local: bytes, random: bytes, ctx: list, file: bytes) -> bytes:
    return fresh(local, random, 'document', label([*ctx, u64(len(file)), sha256(file)]))


def _nonce(index: int, last: bool) -> bytes:
    return bytes(15) + u64(index) + u8(last)


def seal_document(file: bytes, key: bytes, ctx: list) -> list:
    """The boxes of a file."""
    box_key, _ = document_keys(key, ctx)
    whole = file.ljust(step(len(file)), b'\x00')
    pieces = [whole[at : at + CHUNK] for at in range(0, len(whole), CHUNK)]
    return [secretbox.seal(box_key, _nonce(i, i == len(pieces) - 1), piece) for i, piece in enumerate(pieces)]


def open_document(boxes: list, described: dict, ctx: list) -> bytes:
    """The file that the content `document` describes."""
    box_key, _ = document_keys(bytes.fromhex(described['key']), ctx)
    size = described['size']
    length, out = step(size), b''
    count = -(-length // CHUNK)
    for i, box in enumerate(boxes):
        if i >= count:
            raise Refused('document-chunk')
        plain = secretbox.open_box(box_key, _nonce(i, i == count - 1), box)
        if plain is None or len(plain) != min(CHUNK, length - CHUNK * i):
            raise Refused('document-chunk')
        out += plain
        if any(out[size:]):
            raise Refused('document-hash')
    if len(boxes) < count:
        raise Refused('document-missing')
    if sha256(out[:size]).hex() != described['hash']:
        raise Refused('document-hash')
    return out[:size]


def part(seed: bytes, ledger: bytes, transaction: bytes, name: bytes, first: int, data: bytes, nonce: bytes, time: int, **changes: object) -> envelope.Leaf:
    body = {'document': name.hex(), 'first': first, **changes.get('body', {})}
    body = {key: value for key, value in body.items() if value is not ...}
    tags = changes.get('tags', [transaction_tag(ledger, transaction), name])
    return envelope.compose(seed, PART, envelope.head_of(ledger, nonce, body, tags, time), data)


def read_part(leaf: envelope.Leaf) -> dict:
    body = leaf.head['body']
    if set(body) != {'document', 'first'}:
        raise Refused('document-members')
    if unhex(body['document'], 32) is None or not is_integer(body['first'], 0, LARGEST // CHUNK - 1):
        raise Refused('document-value')
    whole, rest = divmod(leaf.data_length, CHUNK + 16)
    count = whole + (rest > 0)
    if 0 < rest <= 16 or not 1 <= count <= 255 or body['first'] + count > LARGEST // CHUNK:
        raise Refused('document-size')
    if body['document'] not in leaf.head['tags']:
        raise Refused('document-tag')
    return body
