"""Ledger cards of docs/spec/ledger-card.md."""

from __future__ import annotations

import base64
import re

from . import canonical, note, policy
from . import header as headers
from .common import Refused, is_integer, is_origin, unhex

MAX_CARD = 4096
LINK = 'countersign:ledger/'
MAX_LINK = len(LINK) + (4 * MAX_CARD + 2) // 3
NO_WITNESS = 'quorum none\n'
_SPACES = '\t\n\x0b\x0c\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff' + ''.join(map(chr, range(0x2000, 0x200B)))


def is_host(host: str) -> bool:
    labels = host.split('.')
    if not all(re.fullmatch(r'[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?', label) for label in labels):
        return False
    if not re.fullmatch(r'[0-9]+|0x[0-9a-f]*', labels[-1]):
        return True
    numbers = [note.decimal(label, 255) for label in labels]
    return len(numbers) == 4 and None not in numbers


def is_ipv6(text: str) -> bool:
    if text.count('::') > 1 or ':::' in text:
        return False
    sides = [side.split(':') if side else [] for side in text.split('::')]
    groups = [group for side in sides for group in side]
    if not all(re.fullmatch(r'[0-9a-f]{1,4}', group) for group in groups):
        return False
    return len(groups) < 8 if len(sides) == 2 else len(groups) == 8


def is_address(text: object) -> bool:
    if not isinstance(text, str) or len(text) > 255 or not text.isascii():
        return False
    parts = re.fullmatch(r'https?://(\[[^\]/]*\]|[^:/\[\]]*)(?::([^/]*))?/(.*)', text, re.DOTALL)
    if parts is None:
        return False
    host, port, path = parts.groups()
    if port is not None and (note.decimal(port, 65535) or 0) == 0:
        return False
    if not (is_ipv6(host[1:-1]) if host.startswith('[') else is_host(host)):
        return False
    if path == '':
        return True
    segments = path.split('/')
    if segments.pop() != '':
        return False
    return all(re.fullmatch(r'[A-Za-z0-9._~-]+', segment) and segment not in ('.', '..') for segment in segments)


def _trust(text: str, log: note.Key) -> policy.Policy:
    try:
        read = policy.Policy(text.encode('utf-8'))
    except Refused:
        raise Refused('ledger-policy') from None
    if read.logs and log.vkey not in [listed.vkey for listed in read.logs]:
        raise Refused('ledger-policy')
    for witness in read.witnesses.values():
        if witness.key == log.key or (witness.name, witness.id) == (log.name, log.id):
            raise Refused('ledger-policy')
    return read


def parse(data: bytes) -> dict:
    card = canonical.read(data, MAX_CARD)
    needed = {'endpoints', 'ledger', 'log', 'v'}
    if not isinstance(card, dict) or not needed <= set(card) <= needed | {'policy'}:
        raise Refused('ledger-members')
    endpoints = card['endpoints']
    good = (
        isinstance(endpoints, list)
        and len(endpoints) <= 8
        and all(isinstance(address, str) for address in endpoints)
        and unhex(card['ledger'], 32) is not None
        and isinstance(card['log'], str)
        and is_integer(card['v'], 1, 1)
        and isinstance(card.get('policy', ''), str)
    )
    if not good:
        raise Refused('ledger-value')
    try:
        log = note.parse_vkey(card['log'])
    except Refused:
        raise Refused('ledger-key') from None
    if log.type != note.LOG or not is_origin(log.name):
        raise Refused('ledger-key')
    if not endpoints or len(set(endpoints)) < len(endpoints) or not all(map(is_address, endpoints)):
        raise Refused('ledger-endpoint')
    _trust(card.get('policy', NO_WITNESS), log)
    return {**card, 'key': log}


def link_of(data: bytes) -> str:
    return LINK + base64.urlsafe_b64encode(data).decode('ascii').rstrip('=')


def parse_link(link: str) -> dict:
    text = link[len(LINK) :]
    if len(link) > MAX_LINK or not link.startswith(LINK) or not re.fullmatch(r'[A-Za-z0-9_-]+', text, re.ASCII):
        raise Refused('ledger-link')
    if len(text) % 4 == 1:
        raise Refused('ledger-link')
    data = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
    if link_of(data) != link:
        raise Refused('ledger-link')
    return parse(data)


def read(given: bytes) -> dict:
    """A card in whichever form a person gives it."""
    if len(given) > 2 * MAX_LINK:
        raise Refused('ledger-link')
    try:
        text = given.decode('utf-8', 'strict').strip(_SPACES)
    except UnicodeDecodeError:
        raise Refused('ledger-link') from None
    return parse(text.encode('utf-8')) if text.startswith('{') else parse_link(text)


def match(card: dict, founding: bytes) -> None:
    """That the ledger which this header founds is the one that the card names."""
    header = headers.parse(founding)
    if headers.ledger_id(founding).hex() != card['ledger'] or header['founding']['log'] != card['log']:
        raise Refused('ledger-mismatch')
