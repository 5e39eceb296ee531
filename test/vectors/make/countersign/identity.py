"""Messages about keys, contact cards and safety numbers of docs/spec/identities.md."""

from __future__ import annotations

import hashlib

from . import canonical, ed25519, envelope, x25519
from .common import MAX_TIME, Refused, b64, is_integer, is_plain_text, sha256, unb64, unhex
from .keys import recovery_commitment, status_tag

ANNOUNCE = 'application/vnd.countersign.identity-announce.v1'
ROTATE = 'application/vnd.countersign.identity-rotate.v1'
REVOKE = 'application/vnd.countersign.identity-revoke.v1'
CONSENT = 'application/vnd.countersign.rotation-consent.v1'
REASONS = ('compromised', 'lost', 'retired', 'left')


def _members(body: dict, needed: set, optional: set = frozenset(), code: str = 'identity-members') -> None:
    if not needed <= set(body) <= needed | optional:
        raise Refused(code)


def _values(*checks: bool) -> None:
    if not all(checks):
        raise Refused('identity-value')


def good_signing_key(text: str) -> bool:
    return ed25519.is_acceptable(bytes.fromhex(text))


def good_encryption_key(text: str) -> bool:
    return not x25519.is_small(bytes.fromhex(text))


def _keys(signing: list, encryption: list = ()) -> None:
    if not all(map(good_signing_key, signing)) or not all(map(good_encryption_key, encryption)):
        raise Refused('identity-key')


def _tags(leaf: envelope.Leaf, keys: list) -> None:
    if any(status_tag(bytes.fromhex(key)).hex() not in leaf.head['tags'] for key in keys):
        raise Refused('identity-tag')


def _recovery(body: dict, keys: list) -> None:
    if 'recovery' in body and body['recovery'] in [
        recovery_commitment(bytes.fromhex(key)).hex() for key in keys
    ]:
        raise Refused('identity-recovery')


def read_announcement(leaf: envelope.Leaf) -> dict:
    body = leaf.head['body']
    _members(body, {'card', 'encrypt', 'recovery', 'sign'}, {'name'})
    _values(*(unhex(body[name], 32) is not None for name in ('card', 'encrypt', 'recovery', 'sign')))
    _values('name' not in body or is_plain_text(body['name'], 100))
    _keys([body['sign']], [body['encrypt']])
    _tags(leaf, [body['sign']])
    if body['sign'] != leaf.sender.hex():
        raise Refused('identity-sender')
    _recovery(body, [body['sign']])
    return body


def consent_bytes(head: dict, sender: bytes) -> bytes:
    """What the new key of a rotation signs."""
    statement = {name: value for name, value in head['body'].items() if name != 'proof'}
    statement.update({'ledger': head['ledger'], 'nonce': head['nonce'], 'sender': sender.hex()})
    return envelope.pre_authentication(CONSENT, canonical.write(statement))


def consented(head: dict, sender: bytes, new_seed: bytes) -> dict:
    """The head with the proof of the new key filled in."""
    proof = ed25519.sign(new_seed, consent_bytes(head, sender))
    return {**head, 'body': {**head['body'], 'proof': b64(proof)}}


def read_rotation(leaf: envelope.Leaf) -> dict:
    body = leaf.head['body']
    _members(body, {'card', 'encrypt', 'from', 'proof', 'sign'}, {'recovery'})
    _values(*(unhex(body[name], 32) is not None for name in ('card', 'encrypt', 'from', 'sign')))
    _values('recovery' not in body or unhex(body['recovery'], 32) is not None)
    proof = unb64(body['proof'])
    _values(proof is not None and len(proof) == 64)
    _keys([body['from'], body['sign']], [body['encrypt']])
    _tags(leaf, [body['from'], body['sign']])
    ordinary = leaf.sender.hex() == body['from']
    if ordinary == ('recovery' in body) or body['sign'] in (body['from'], leaf.sender.hex()):
        raise Refused('identity-sender')
    _recovery(body, [body['sign'], body['from'], leaf.sender.hex()])
    if not ed25519.is_good(bytes.fromhex(body['sign']), consent_bytes(leaf.head, leaf.sender), proof):
        raise Refused('identity-proof')
    return body


def read_revocation(leaf: envelope.Leaf) -> dict:
    body = leaf.head['body']
    _members(body, {'key', 'reason'}, {'since'})
    if 'since' in body and body['reason'] != 'compromised':
        raise Refused('identity-members')
    _values(unhex(body['key'], 32) is not None, body['reason'] in REASONS)
    _values('since' not in body or is_integer(body['since'], 0, MAX_TIME))
    _keys([body['key']])
    _tags(leaf, [body['key']])
    return body


READERS = {ANNOUNCE: read_announcement, ROTATE: read_rotation, REVOKE: read_revocation}


def card_commitment(salt: bytes, card: dict) -> bytes:
    return sha256(b'countersign/card/v1', salt, canonical.write(card))


def read_card(data: bytes, ledger: bytes) -> dict:
    card = canonical.read(data, 4096)
    if not isinstance(card, dict):
        raise Refused('card-members')
    _members(card, {'card', 'encrypt', 'ledger', 'salt', 'sign', 'v'}, code='card-members')
    good = (
        isinstance(card['card'], dict)
        and all(unhex(card[name], 32) is not None for name in ('encrypt', 'ledger', 'salt', 'sign'))
        and is_integer(card['v'], 1, 1)
    )
    if not good:
        raise Refused('card-value')
    if not set(card['card']) <= {'firm', 'name', 'role'}:
        raise Refused('card-members')
    if not all(is_plain_text(text, 200) for text in card['card'].values()):
        raise Refused('card-value')
    if not good_signing_key(card['sign']) or not good_encryption_key(card['encrypt']):
        raise Refused('card-key')
    if card['ledger'] != ledger.hex():
        raise Refused('card-ledger')
    return card


def safety_number(one: tuple, other: tuple) -> dict:
    """From two sides (ledger id, Ed25519 key, X25519 key)."""
    if one[0] != other[0]:
        raise Refused('safety-ledger')
    a, b = sorted((b''.join(one), b''.join(other)))
    if a == b:
        raise Refused('safety-same')
    d = hashlib.sha512(b'countersign/safety-number/v1' + a + b).digest()
    groups = ['%04d' % (int.from_bytes(d[at : at + 4], 'big') % 10000) for at in range(0, 64, 4)]
    return {'groups': groups, 'qr': 'countersign-safety-v1:' + d.hex()}
