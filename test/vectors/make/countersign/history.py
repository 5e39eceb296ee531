"""The history of keys of docs/spec/identities.md: a function of the statements in block order."""

from __future__ import annotations

from .common import Refused
from .identity import ANNOUNCE, REVOKE, ROTATE
from .keys import recovery_commitment


class Statement:
    """A statement at its place: `sender`, `ledger`, `id` and the keys in `body` are hexadecimal."""

    def __init__(self, place: tuple, kind: str, sender: str, body: dict, ledger: str, id: str):
        (self.height, self.index), self.kind, self.sender, self.body = place, kind, sender, body
        self.ledger, self.id = ledger, id

    @property
    def position(self) -> tuple:
        return self.height, self.index

    @property
    def early(self) -> bool:
        """Whether it comes before the others of its block: a revocation or a recovery."""
        return self.kind == REVOKE or (self.kind == ROTATE and 'recovery' in self.body)


def commitment(key: str) -> str:
    return recovery_commitment(bytes.fromhex(key)).hex()


class Identity:
    def __init__(self, root: str, recovery: str):
        self.root, self.current, self.keys, self.commitments = root, root, [root], [recovery]

    def names(self, key: str) -> bool:
        """Whether the recovery commitment in force names this key."""
        return self.commitments[-1] == commitment(key)


def in_order(statements: list) -> list:
    """The statements in the order in which they take effect, each message at its first place."""
    first = {}
    for statement in sorted(statements, key=lambda s: s.position):
        first.setdefault(statement.id, statement)
    return sorted(first.values(), key=lambda s: (s.height, not s.early, s.index))


class History:
    def __init__(self, statements: list, ledger: str):
        if any(statement.ledger != ledger for statement in statements):
            raise Refused('identity-history-ledger')
        if len({s.position for s in statements}) < len({(s.position, s.id) for s in statements}):
            raise Refused('identity-history-place')
        self.of_key = {}  # key -> Identity, for keys that joined one
        self.joined = {}  # key -> position from which it belongs to the identity
        self.ended = {}  # key -> (position from which it is ended, verdict)
        self.revoked = set()
        self.claims = {}  # key -> claims of the revocations that count: (height, index, since, by, ended before)
        self.used = set()
        self.effects = {}  # position -> what the statement did
        for statement in in_order(statements):
            reason = self._apply(statement)
            self.effects[statement.position] = 'identity-void-' + reason if reason else 'counts'

    def _apply(self, statement: Statement) -> str | None:
        """Brings the state on; returns why the statement is void, or None when it counts."""
        if statement.kind == REVOKE:
            return self._revoke(statement)
        sign, body = statement.body['sign'], statement.body
        used, revoked = sign in self.used, sign in self.revoked
        self.used.add(sign)
        if statement.kind == ANNOUNCE:
            if used or revoked:
                return 'used' if used else 'revoked'
            self._join(Identity(sign, body['recovery']), sign, statement.position)
            return None
        identity = self.of_key.get(body['from'])
        if identity is None:
            return 'unknown'
        if not statement.early and identity.current != body['from']:
            return 'current'
        if statement.early and not self._may_recover(identity, statement.sender):
            return 'recovery'
        if used or revoked:
            return 'used' if used else 'revoked'
        if commitment(sign) in identity.commitments:
            return 'commitment'
        if statement.early:
            return self._recover(statement, identity)
        self._end(body['from'], (statement.height, statement.index + 1), 'rotated')
        self._join(identity, sign, statement.position)
        return None

    def _may_recover(self, identity: Identity, sender: str) -> bool:
        return identity.names(sender) and sender not in self.revoked

    def _join(self, identity: Identity, key: str, position: tuple) -> None:
        self.of_key[key], self.joined[key], identity.current = identity, position, key
        if key not in identity.keys:
            identity.keys.append(key)

    def _end(self, key: str, position: tuple, verdict: str) -> None:
        self.ended.setdefault(key, (position, verdict))

    def _revoke(self, statement: Statement) -> str | None:
        key, identity = statement.body['key'], self.of_key.get(statement.body['key'])
        if statement.sender != key:
            if identity is None:
                return 'unknown'
            if not self._may_recover(identity, statement.sender):
                return 'recovery'
        self.revoked.add(key)
        if 'since' in statement.body:
            by = 'key' if statement.sender == key else 'recovery'
            claim = (*statement.position, statement.body['since'], by, key in self.ended)
            self.claims.setdefault(key, []).append(claim)
        self._end(key, (statement.height, -1), 'revoked')
        if identity is not None and identity.current == key:
            identity.current = None
        return None

    def _recover(self, statement: Statement, identity: Identity) -> str | None:
        recovery = statement.body['recovery']
        if recovery in identity.commitments or recovery in [commitment(key) for key in identity.keys]:
            return 'commitment'
        if identity.current is not None:
            self._end(identity.current, (statement.height, -1), 'recovered')
        self._join(identity, statement.body['sign'], (statement.height, -1))
        identity.commitments.append(recovery)
        return None

    def verdict(self, key: str, position: tuple) -> str:
        if key in self.ended and position >= self.ended[key][0]:
            return self.ended[key][1]
        return 'valid' if key in self.joined and position >= self.joined[key] else 'unannounced'


def find(statements: list, key: str) -> list:
    """The keys that 'finding a history' takes, beginning with `key`."""
    ordered = in_order(statements)
    taken, fresh = {key}, [key]
    while fresh:
        fresh = sorted(_further(ordered, taken) - taken)
        taken.update(fresh)
        if len(taken) > 4096:
            raise Refused('identity-history-too-long')
    return sorted(taken)


def _further(ordered: list, taken: set) -> set:
    found, commitments, early = set(), set(), []
    for key in taken:
        naming = [s for s in ordered if key in (s.body.get('sign'), s.body.get('from'), s.body.get('key'))]
        early += [s for s in naming if s.early]
        first = next((s for s in naming if s.body.get('sign') == key), None)
        if first is not None and first.kind == ANNOUNCE:
            commitments.add(first.body['recovery'])
        elif first is not None:
            found.add(first.body['from'])
        found |= {s.body['sign'] for s in naming if s.kind == ROTATE and s.sender == s.body['from'] == key}
    before = -1
    while len(commitments) != before:
        before = len(commitments)
        commitments |= {
            s.body['recovery'] for s in early if s.kind == ROTATE and commitment(s.sender) in commitments
        }
    for statement in early:
        if commitment(statement.sender) in commitments:
            found |= {statement.sender, statement.body.get('sign', statement.sender)}
    return found
