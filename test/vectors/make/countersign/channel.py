"""Private channels of docs/spec/channels.md: names, key schedule, announcements, which epochs count, opening them."""

from __future__ import annotations

from . import ed25519, envelope, merkle, secretbox, x25519
from .common import Refused, is_integer, sha256, u8, u32, unhex
from .kdf import expand, extract, hmac_sha256, label

D = 'countersign/channel/v1'
T = 'countersign/transaction/v1'
WRAP = 'countersign/wrap/v1'
EPOCH_TYPE = 'application/vnd.countersign.channel-epoch.v1'
MAX_MEMBERS = 256


def transaction_id(ledger: bytes, opener: bytes, salt: bytes) -> bytes:
    return sha256(label([T, 'id', ledger, opener, salt]))


def transaction_tag(ledger: bytes, transaction: bytes) -> bytes:
    return sha256(label([T, 'tag', ledger, transaction]))


def channel_id(ledger: bytes, transaction: bytes, founder: bytes, salt: bytes) -> bytes:
    return sha256(label([D, 'channel', ledger, transaction, founder, salt]))


def inbox_tag(ledger: bytes, key: bytes) -> bytes:
    return sha256(label([D, 'inbox', ledger, key]))


def fresh(local: bytes, random: bytes, purpose: str, material: bytes) -> bytes:
    return hmac_sha256(local, label(['countersign/fresh/v1', purpose, random]) + material)


def step(length: int) -> int:
    unit = max(256, 2 ** (length.bit_length() - 3) if length.bit_length() > 3 else 1)
    return max(256, -(-length // unit) * unit)


def padded(data: bytes) -> bytes:
    whole = u32(len(data)) + data
    return whole.ljust(step(len(whole)), b'\x00')


def unpadded(data: bytes) -> bytes | None:
    if len(data) < 4:
        return None
    length = int.from_bytes(data[:4], 'big')
    if step(4 + length) != len(data) or any(data[4 + length :]):
        return None
    return data[4 : 4 + length]


class Epoch:
    """The key schedule of one epoch; `acx` is [ledger, transaction, channel, previous or b'', author]."""

    def __init__(self, secret: bytes, acx: list):
        self.secret, self.acx, self.prk = secret, acx, extract(D.encode(), secret)

    def expand(self, parts: list, length: int = 32) -> bytes:
        return expand(self.prk, label([D, *parts]), length)

    @property
    def commitment(self) -> bytes:
        return self.expand(['commitment', *self.acx])

    @property
    def tag(self) -> bytes:
        return self.expand(['tag', *self.acx])

    def member_salt(self, sign: bytes) -> bytes:
        return self.expand(['member', *self.acx, sign])

    def roster_box(self, root: bytes) -> tuple:
        derived = self.expand(['roster', *self.acx, root], 56)
        return derived[:32], derived[32:]

    def joined(self, epoch: bytes, sender: bytes) -> bytes:
        return self.expand(['joined', *self.acx[:3], epoch, sender])

    def message_key(self, ctx: list, salt: bytes) -> bytes:
        return self.expand(['message', *ctx, salt])

    def tree(self, members: list) -> merkle.Tree:
        """Over members as (Ed25519 key, X25519 key) in order."""
        return merkle.Tree.of(
            [member_leaf(self.acx[0], self.acx[2], self.member_salt(sign), sign, encrypt) for sign, encrypt in members]
        )


def member_leaf(ledger: bytes, channel: bytes, salt: bytes, sign: bytes, encrypt: bytes) -> bytes:
    return label([D, 'member-leaf', ledger, channel, salt, sign, encrypt])


def _wrap_box(shared: bytes, acx: list, member: tuple, ephemeral: bytes) -> tuple:
    info = label([WRAP, u8(1), *acx, *member, ephemeral])
    derived = expand(extract(WRAP.encode(), shared), info, 56)
    return derived[:32], derived[32:]


def wrap(secret: bytes, acx: list, member: tuple, ephemeral_secret: bytes) -> bytes:
    ephemeral = x25519.public_key(ephemeral_secret)
    key, nonce = _wrap_box(x25519.x25519(ephemeral_secret, member[1]), acx, member, ephemeral)
    return u8(1) + ephemeral + secretbox.seal(key, nonce, secret)


def announce(
    author_seed: bytes,
    ledger: bytes,
    transaction: bytes,
    members: list,
    local: bytes,
    random: bytes,
    nonce: bytes,
    time: int,
    salt: bytes | None = None,
    previous: tuple | None = None,
    channel: bytes | None = None,
    **changes: object,
) -> tuple:
    """An announcement as (leaf, data, Epoch, members in order).

    `previous` is what the last call gave; `changes` put other values in place of those of the head, for cases that must
    be refused: `body` (members, or ... to leave one out), `tags`, `data`, `edit` (of the data), `secret`, `sealed_members`,
    `as_given` (the members in no other order).
    """
    author = ed25519.public_key(author_seed)
    members = list(members) if changes.get('as_given') else sorted(members)
    if channel is None:
        channel = channel_id(ledger, transaction, author, salt) if previous is None else previous[2].acx[2]
    before = b'' if previous is None else previous[0].id
    acx = [ledger, transaction, channel, before, author]
    roster = b''.join(sign + encrypt for sign, encrypt in members)
    secret = changes.get('secret', fresh(local, random, 'epoch', label(acx) + roster))
    epoch = Epoch(secret, acx)
    wraps = [
        wrap(secret, acx, member, fresh(local, random, 'wrap', label([secret, *member]))) for member in members
    ]
    root = epoch.tree(members).root()
    box = secretbox.seal(*epoch.roster_box(root), changes.get('sealed_members', roster))
    data = changes.get('data', b''.join(wraps) + box)
    data = changes.get('edit', lambda data: data)(data)
    body = {
        'channel': channel.hex(),
        'commitment': epoch.commitment.hex(),
        'members': len(members),
        'roster': root.hex(),
        'tag': epoch.tag.hex(),
    }
    tags = [transaction_tag(ledger, transaction), epoch.tag]
    if previous is None:
        body.update({'salt': salt.hex(), 'transaction': transaction.hex()})
    else:
        body.update({'member': show_member(previous, author), 'previous': before.hex()})
        tags.append(previous[2].tag)
    body.update(changes.get('body', {}))
    body = {name: value for name, value in body.items() if value is not ...}
    head = envelope.head_of(ledger, nonce, body, changes.get('tags', tags), time)
    leaf = envelope.compose(author_seed, EPOCH_TYPE, head, data)
    return leaf, data, epoch, members


def show_member(announced: tuple, sign: bytes) -> dict:
    """The proof that a key stands in the roster of an announced epoch; of the first member for one who does not."""
    _, _, epoch, members = announced
    index = next((i for i, member in enumerate(members) if member[0] == sign), 0)
    path = epoch.tree(members).path(index)
    return {
        'encrypt': members[index][1].hex(),
        'index': index,
        'path': [node.hex() for node in path],
        'salt': epoch.member_salt(members[index][0]).hex(),
    }


def _is_member_proof(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {'encrypt', 'index', 'path', 'salt'}
        and unhex(value['encrypt'], 32) is not None
        and is_integer(value['index'], 0, MAX_MEMBERS - 1)
        and isinstance(value['path'], list)
        and len(value['path']) <= 8
        and all(unhex(node, 32) is not None for node in value['path'])
        and unhex(value['salt'], 32) is not None
    )


def read_announcement(leaf: envelope.Leaf) -> dict:
    """The body of a verified message of this type, or Refused."""
    body, tags = leaf.head['body'], leaf.head['tags']
    common, founding = {'channel', 'commitment', 'members', 'roster', 'tag'}, 'previous' not in body
    if set(body) != common | ({'salt', 'transaction'} if founding else {'member', 'previous'}):
        raise Refused('channel-members')
    hexes = ['channel', 'commitment', 'roster', 'tag'] + (['salt', 'transaction'] if founding else ['previous'])
    good = all(unhex(body[name], 32) is not None for name in hexes)
    if not good or not is_integer(body['members'], 1, MAX_MEMBERS):
        raise Refused('channel-value')
    if not founding and not _is_member_proof(body['member']):
        raise Refused('channel-value')
    if leaf.data_length != 145 * body['members'] + 16:
        raise Refused('channel-data')
    if founding:
        ledger, transaction = bytes.fromhex(leaf.head['ledger']), bytes.fromhex(body['transaction'])
        if channel_id(ledger, transaction, leaf.sender, bytes.fromhex(body['salt'])).hex() != body['channel']:
            raise Refused('channel-founder')
        if transaction_tag(ledger, transaction).hex() not in tags:
            raise Refused('channel-tag')
    if body['tag'] not in tags:
        raise Refused('channel-tag')
    return body


class Resolved:
    """An epoch that counts: its leaf, number, context [ledger, transaction, channel], acx."""

    def __init__(self, leaf: envelope.Leaf, number: int, context: list):
        self.leaf, self.number, self.context, self.body = leaf, number, context, leaf.head['body']
        self.id = leaf.id
        self.acx = [*context, bytes.fromhex(self.body.get('previous', '')), leaf.sender]


def resolve(channel: bytes, placed: list, has_ended) -> tuple:
    """Epochs, and for each announcement in block order its code ('ok' when it counts).

    `placed` holds (leaf, height, index) of announcements that were read.
    """
    ledgers = {leaf.head['ledger'] for leaf, _, _ in placed}
    if any(leaf.head['body']['channel'] != channel.hex() for leaf, _, _ in placed) or len(ledgers) > 1:
        raise Refused('channel-other')
    placed = sorted(placed, key=lambda entry: entry[1:])
    for (a, *one), (b, *other) in zip(placed, placed[1:]):
        if one == other and a.id != b.id:
            raise Refused('channel-place')
    epochs, codes = [], []
    for leaf, height, index in placed:
        code = _void(leaf, epochs)
        if code == 'ok' and has_ended(leaf.sender, (height, index)):
            code = 'channel-void-key'
        codes.append(code)
        if code == 'ok':
            body = leaf.head['body']
            first = [leaf.head['ledger'], body.get('transaction', ''), body['channel']]
            context = epochs[-1].context if epochs else [bytes.fromhex(part) for part in first]
            epochs.append(Resolved(leaf, len(epochs), context))
    return epochs, codes


def _void(leaf: envelope.Leaf, epochs: list) -> str:
    body = leaf.head['body']
    if 'previous' not in body:
        return 'channel-void-sibling' if epochs else 'ok'
    if body['previous'] not in [epoch.id.hex() for epoch in epochs]:
        return 'channel-void-unknown'
    last = epochs[-1]
    if body['previous'] != last.id.hex():
        return 'channel-void-sibling'
    proof, (ledger, transaction, channel) = body['member'], last.context
    shown = member_leaf(ledger, channel, bytes.fromhex(proof['salt']), leaf.sender, bytes.fromhex(proof['encrypt']))
    try:
        merkle.check_inclusion(
            merkle.leaf_hash(shown),
            proof['index'],
            last.body['members'],
            [bytes.fromhex(node) for node in proof['path']],
            bytes.fromhex(last.body['roster']),
        )
    except Refused:
        return 'channel-void-author'
    needed = {transaction_tag(ledger, transaction).hex(), last.body['tag']}
    return 'ok' if needed <= set(leaf.head['tags']) else 'channel-void-tag'


def _parts(epoch: Resolved, data: bytes | None) -> tuple:
    if data is None:
        raise Refused('channel-withheld')
    count = epoch.body['members']
    wraps = [data[81 * i : 81 * (i + 1)] for i in range(count)]
    if any(item[0] != 1 for item in wraps):
        raise Refused('channel-suite')
    return wraps, data[81 * count :]


def open_as_member(epoch: Resolved, data: bytes | None, sign: bytes, secret: bytes) -> tuple:
    """(Epoch, members) for a member with an X25519 secret."""
    wraps, box = _parts(epoch, data)
    member = (sign, x25519.public_key(secret))
    for item in wraps:
        shared = x25519.x25519(secret, item[1:33])
        if not any(shared):
            raise Refused('channel-key')
        key, nonce = _wrap_box(shared, epoch.acx, member, item[1:33])
        found = secretbox.open_box(key, nonce, item[33:])
        if found is not None:
            opened = _open(epoch, box, found)
            if member not in opened[1]:
                raise Refused('channel-not-member')
            return opened
    raise Refused('channel-wrap')


def open_by_secret(epoch: Resolved, data: bytes | None, secret: bytes) -> tuple:
    return _open(epoch, _parts(epoch, data)[1], secret)


def _open(epoch: Resolved, box: bytes, secret: bytes) -> tuple:
    keys = Epoch(secret, epoch.acx)
    if keys.commitment.hex() != epoch.body['commitment']:
        raise Refused('channel-commitment')
    if keys.tag.hex() != epoch.body['tag']:
        raise Refused('channel-epoch-tag')
    plain = secretbox.open_box(*keys.roster_box(bytes.fromhex(epoch.body['roster'])), box)
    if plain is None or len(plain) != 64 * epoch.body['members']:
        raise Refused('channel-roster')
    members = [(plain[at : at + 32], plain[at + 32 : at + 64]) for at in range(0, len(plain), 64)]
    signs = [sign for sign, _ in members]
    good = (
        all(a < b for a, b in zip(signs, signs[1:]))
        and all(ed25519.is_acceptable(sign) for sign in signs)
        and not any(x25519.is_small(encrypt) for _, encrypt in members)
    )
    if not good or keys.tree(members).root().hex() != epoch.body['roster']:
        raise Refused('channel-roster')
    return keys, members
