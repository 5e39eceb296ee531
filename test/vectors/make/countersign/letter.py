"""Letters, invitations, grants and notices of docs/spec/channels.md."""

from __future__ import annotations

import base64
import re

from . import canonical, ed25519, envelope, identity, secretbox, x25519
from .channel import fresh, inbox_tag, padded, step, transaction_tag, unpadded
from .common import MAX_INTEGER, Refused, b64, is_integer, is_plain_text, u8, unb64, unhex
from .kdf import expand, extract, label
from .sealed import SCOPES

LETTER = 'countersign/letter/v1'
INVITATION = 'application/vnd.countersign.invitation.v1'
GRANT = 'application/vnd.countersign.grant.v1'
UNREADABLE = 'application/vnd.countersign.unreadable.v1'
ANSWER = 'application/vnd.countersign.invitation-answer.v1'


def _box(shared: bytes, context: tuple, recipient: tuple, ephemeral: bytes) -> tuple:
    derived = expand(extract(LETTER.encode(), shared), label([LETTER, u8(1), *context, *recipient, ephemeral]), 88)
    return derived[:32], derived[32:56], derived[56:]


def seal(context: tuple, recipient: tuple, plain: bytes, local: bytes, random: bytes, padding: bytes | None = None) -> bytes:
    """A letter; `context` is (payload type, ledger, author), `recipient` (Ed25519 key, X25519 key)."""
    secret = fresh(local, random, 'letter', label([*recipient]) + plain)
    ephemeral = x25519.public_key(secret)
    key, nonce, commitment = _box(x25519.x25519(secret, recipient[1]), context, recipient, ephemeral)
    return u8(1) + ephemeral + commitment + secretbox.seal(key, nonce, padded(plain) if padding is None else padding)


def open_letter(context: tuple, sign: bytes, secret: bytes, data: bytes) -> bytes:
    length = len(data) - 81
    if data[:1] != b'\x01' or length < 0 or step(length) != length:
        raise Refused('letter-form')
    shared = x25519.x25519(secret, data[1:33])
    if not any(shared):
        raise Refused('letter-key')
    key, nonce, commitment = _box(shared, context, (sign, x25519.public_key(secret)), data[1:33])
    if commitment != data[33:65]:
        raise Refused('letter-commitment')
    padding = secretbox.open_box(key, nonce, data[65:])
    plain = None if padding is None else unpadded(padding)
    if plain is None:
        raise Refused('letter-box')
    return plain


def _object(value: object, needed: dict, optional: dict, family: str) -> dict:
    if not isinstance(value, dict) or not set(needed) <= set(value) <= set(needed) | set(optional):
        raise Refused(family + '-members')
    if not all({**needed, **optional}[name](item) for name, item in value.items()):
        raise Refused(family + '-value')
    return value


def _is_key(value: object) -> bool:
    return unhex(value, 32) is not None


def _is_object(needed: dict):
    return lambda value: isinstance(value, dict) and set(value) == set(needed) and all(needed[n](value[n]) for n in needed)


def _is_note(value: object) -> bool:
    return is_plain_text(value, 1000)


def _is_card(value: object) -> bool:
    data = unb64(value)
    return data is not None and len(data) <= 4096


def read_invitation(data: bytes) -> dict:
    needed = {'channel': _is_key, 'epoch': _is_key, 'transaction': _is_key}
    optional = {'name': lambda value: is_plain_text(value, 200), 'note': _is_note}
    return _object(canonical.read(data, 8192), needed, optional, 'invite')


def open_message(leaf: envelope.Leaf, data: bytes | None, sign: bytes, secret: bytes) -> dict:
    """The invitation or the grant in a message to a key."""
    family = 'invite' if leaf.type == INVITATION else 'grant'
    ledger = bytes.fromhex(leaf.head['ledger'])
    _object(leaf.head['body'], {}, {}, family)
    if inbox_tag(ledger, sign).hex() not in leaf.head['tags']:
        raise Refused(family + '-tag')
    if data is None:
        raise Refused(family + '-withheld')
    plain = open_letter((leaf.type, ledger, leaf.sender), sign, secret, data)
    if family == 'invite':
        return read_invitation(plain)
    grant = read_grant(plain, ledger)
    if transaction_tag(ledger, bytes.fromhex(grant['transaction'])).hex() not in leaf.head['tags']:
        raise Refused('grant-tag')
    return grant


def link_of(data: bytes, kind: str) -> str:
    """The link of an invitation (`invite`) or of an answer (`answer`)."""
    return 'countersign:%s/' % kind + base64.urlsafe_b64encode(data).decode('ascii').rstrip('=')


def _given(data: bytes, kind: str) -> object:
    """The JSON of a file or of a link."""
    try:
        text = '' if len(data) > 16384 else data.decode('utf-8', 'strict').strip()
    except UnicodeDecodeError:
        text = ''
    if text.startswith('{'):
        return canonical.read(text.encode('utf-8'), 8192)
    start = 'countersign:%s/' % kind
    if not text.startswith(start) or not re.fullmatch('[A-Za-z0-9_-]*', text[len(start) :], re.ASCII):
        raise Refused('invite-link')
    digits = text[len(start) :].replace('-', '+').replace('_', '/')
    inside = unb64(digits + '=' * (-len(digits) % 4))
    if inside is None:
        raise Refused('invite-link')
    return canonical.read(inside, 8192)


def read_open_invitation(data: bytes, ledger: bytes) -> dict:
    needed = {
        'card': _is_card,
        'invitation': lambda value: value == 'countersign/invitation/v1',
        'ledger': _is_key,
        'token': _is_key,
    }
    found = _object(_given(data, 'invite'), needed, {'note': _is_note}, 'invite')
    identity.read_card(unb64(found['card']), bytes.fromhex(found['ledger']))
    if found['ledger'] != ledger.hex():
        raise Refused('invite-ledger')
    return found


def answer_bytes(card: bytes, inviter: str, ledger: bytes, token: str) -> bytes:
    statement = {'card': b64(card), 'inviter': inviter, 'ledger': ledger.hex(), 'token': token}
    return envelope.pre_authentication(ANSWER, canonical.write(statement))


def read_answer(data: bytes, ledger: bytes, inviter: str, token: str) -> dict:
    needed = {
        'answer': lambda value: value == 'countersign/invitation-answer/v1',
        'card': _is_card,
        'signature': lambda value: unb64(value) is not None and len(unb64(value)) == 64,
        'token': _is_key,
    }
    found = _object(_given(data, 'answer'), needed, {}, 'invite')
    if found['token'] != token:
        raise Refused('invite-token')
    raw = unb64(found['card'])
    card = identity.read_card(raw, ledger)
    signed = answer_bytes(raw, inviter, ledger, token)
    if not ed25519.is_good(bytes.fromhex(card['sign']), signed, unb64(found['signature'])):
        raise Refused('invite-signature')
    return card


def _ascends(values: list) -> bool:
    return all(a < b for a, b in zip(values, values[1:]))


def read_grant(data: bytes, ledger: bytes) -> dict:
    def is_height(value: object) -> bool:
        return is_integer(value, 0, MAX_INTEGER)

    epoch = _is_object({'channel': _is_key, 'epoch': _is_key, 'secret': _is_key})
    message = _is_object({'channel': _is_key, 'epoch': _is_key, 'key': _is_key, 'message': _is_key})
    needed = {
        'epochs': lambda value: isinstance(value, list) and len(value) <= 4096 and all(map(epoch, value)),
        'grant': lambda value: value == 'countersign/grant/v1',
        'ledger': _is_key,
        'messages': lambda value: isinstance(value, list) and len(value) <= 20000 and all(map(message, value)),
        'scope': lambda value: value in SCOPES,
        'transaction': _is_key,
    }
    optional = {'period': _is_object({'from': is_height, 'to': is_height})}
    grant = _object(canonical.read(data, 8388608), needed, optional, 'grant')
    epochs, messages, scope = grant['epochs'], grant['messages'], grant['scope']
    if not _ascends([item['epoch'] for item in epochs]) or not _ascends([item['message'] for item in messages]):
        raise Refused('grant-order')
    some, others = (messages, epochs) if scope in ('message', 'period') else (epochs, messages)
    good = (
        ('period' in grant) == (scope == 'period')
        and ('period' not in grant or grant['period']['from'] <= grant['period']['to'])
        and some
        and not others
        and (scope not in ('message', 'epoch') or len(some) == 1)
        and (scope == 'transaction' or len({item['channel'] for item in some}) == 1)
    )
    if not good:
        raise Refused('grant-scope')
    if grant['ledger'] != ledger.hex():
        raise Refused('grant-ledger')
    return grant


def read_notice(leaf: envelope.Leaf, transaction: bytes) -> dict:
    found = _object(leaf.head['body'], {'epoch': _is_key, 'message': _is_key}, {}, 'notice')
    if transaction_tag(bytes.fromhex(leaf.head['ledger']), transaction).hex() not in leaf.head['tags']:
        raise Refused('notice-tag')
    return found
