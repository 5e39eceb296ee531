"""histories.json: statements about keys in block order, what each does, and the verdicts on keys at positions."""

from __future__ import annotations

from countersign import ed25519, identity, keys, x25519
from countersign import envelope as env
from countersign.history import History, Statement, find

from ._render import expect, fixed

LEDGER = fixed('histories ledger')


class Key:
    def __init__(self, name: str):
        self.name, self.seed = name, fixed('histories ' + name)
        self.public = ed25519.public_key(self.seed).hex()
        self.encrypt = x25519.public_key(fixed('histories x ' + name)).hex()
        self.card = fixed('histories card ' + name).hex()
        self.commitment = keys.recovery_commitment(bytes.fromhex(self.public)).hex()
        self.tag = keys.status_tag(bytes.fromhex(self.public))


# Signing keys a to f, recovery keys r to u, strangers x to z.
KEYS = {name: Key(name) for name in 'abcdefrstuxyz'}


class Scenario:
    """Collects the statements of one history; keys are named by their letter."""

    def __init__(self, name: str):
        self.name, self.statements, self.leaves, self.count, self.ledger = name, [], [], 0, LEDGER

    def _add(
        self, height: int, index: int, kind: str, sender: str, body: dict, named: str, consent: str = ''
    ) -> None:
        self.count += 1
        nonce = fixed('histories nonce %s %d' % (self.name, self.count), 16)
        tags = sorted({KEYS[name].tag for name in named})
        head = env.head_of(self.ledger, nonce, body, tags, 1700000000 + self.count)
        if consent:
            head = identity.consented(head, bytes.fromhex(KEYS[sender].public), KEYS[consent].seed)
        leaf = env.parse_leaf(env.compose(KEYS[sender].seed, kind, head).bytes)
        read = identity.READERS[kind](leaf)
        place, public = (height, index), KEYS[sender].public
        self.statements.append(Statement(place, kind, public, read, self.ledger.hex(), leaf.id.hex()))
        self.leaves.append(leaf.bytes)

    def again(self, height: int, index: int, which: int) -> None:
        """A message of the history once more, at another place."""
        old = self.statements[which]
        self.statements.append(Statement((height, index), old.kind, old.sender, old.body, old.ledger, old.id))
        self.leaves.append(self.leaves[which])

    def announce(self, height: int, index: int, key: str, recovery: str, name: str | None = None) -> None:
        new = KEYS[key]
        body = {
            'card': new.card,
            'encrypt': new.encrypt,
            'recovery': KEYS[recovery].commitment,
            'sign': new.public,
        }
        if name is not None:
            body['name'] = name
        self._add(height, index, identity.ANNOUNCE, key, body, key)

    def rotate(self, height: int, index: int, old: str, new: str) -> None:
        body = {
            'card': KEYS[new].card,
            'encrypt': KEYS[new].encrypt,
            'from': KEYS[old].public,
            'sign': KEYS[new].public,
        }
        self._add(height, index, identity.ROTATE, old, body, old + new, new)

    def recover(self, height: int, index: int, sender: str, old: str, new: str, recovery: str) -> None:
        body = {
            'card': KEYS[new].card,
            'encrypt': KEYS[new].encrypt,
            'from': KEYS[old].public,
            'sign': KEYS[new].public,
        }
        body['recovery'] = KEYS[recovery].commitment
        self._add(height, index, identity.ROTATE, sender, body, old + new, new)

    def revoke(
        self, height: int, index: int, sender: str, key: str, since: int | None = None, reason: str = 'lost'
    ) -> None:
        body = {'key': KEYS[key].public, 'reason': reason if since is None else 'compromised'}
        if since is not None:
            body['since'] = since
        self._add(height, index, identity.REVOKE, sender, body, key)

    def case(self) -> dict:
        history = History(self.statements, LEDGER.hex())
        placed = []
        for statement, leaf in zip(self.statements, self.leaves):
            effect = history.effects.get(statement.position, 'repeated')
            placed.append(
                {'height': statement.height, 'index': statement.index, 'effect': effect, 'leaf': leaf.hex()}
            )
        shown = [self._key(key, history) for key in sorted(KEYS.values(), key=lambda key: key.name)]
        heights, indices = self.grid()
        case = {'name': self.name, 'statements': placed, 'heights': heights, 'indices': indices}
        return {**case, 'keys': [key for key in shown if key is not None]}

    def grid(self) -> tuple:
        """The heights and indices at which verdicts are stated: at, before and after every statement."""
        heights = sorted({s.height + more for s in self.statements for more in (-1, 0, 1)})
        return heights, sorted({0} | {s.index + more for s in self.statements for more in (0, 1)})

    def _key(self, key: Key, history: History) -> dict | None:
        heights, indices = self.grid()
        positions = [(height, index) for height in heights for index in indices]
        last, runs = None, []
        for height, index in positions:
            verdict = history.verdict(key.public, (height, index))
            if verdict != last:
                runs.append([height, index, verdict])
            last = verdict
        named = any(key.public in (s.sender, *s.body.values()) for s in self.statements)
        if not named:
            return None
        found = history.of_key.get(key.public)
        claims = history.claims.get(key.public, [])
        case = {'name': key.name, 'key': key.public, 'claims': claims, 'verdicts': runs}
        if found is not None:
            current = found.current
            case['identity'] = {'keys': found.keys, 'current': current, 'recovery': found.commitments[-1]}
        case['search'] = find(self.statements, key.public)
        # What the search finds must give the same verdicts as everything.
        part = [s for s in self.statements if set(_named(s)) & set(case['search'])]
        again = History(part, LEDGER.hex())
        for at in positions:
            if again.verdict(key.public, at) != history.verdict(key.public, at):
                raise AssertionError(
                    '%s: the search for %s misses something at %s' % (self.name, key.name, at)
                )
        if again.claims.get(key.public, []) != claims:
            raise AssertionError('%s: the search for %s misses a claim' % (self.name, key.name))
        return case

    def refused(self, code: str) -> dict:
        """A case whose statements are refused as a whole."""
        expect(code, History, self.statements, LEDGER.hex())
        placed = [
            {'height': statement.height, 'index': statement.index, 'ledger': statement.ledger, 'leaf': leaf.hex()}
            for statement, leaf in zip(self.statements, self.leaves)
        ]
        return {'name': self.name, 'code': code, 'statements': placed}


def _named(statement: Statement) -> list:
    return [statement.body[name] for name in ('sign', 'from', 'key') if name in statement.body]


def scenarios() -> list:
    made = []

    def new(name: str) -> Scenario:
        made.append(Scenario(name))
        return made[-1]

    s = new('an announcement')
    s.announce(5, 3, 'a', 'r', 'Example')

    s = new('announced twice')
    s.announce(5, 3, 'a', 'r')
    s.announce(5, 4, 'a', 's')
    s.announce(6, 0, 'a', 'x')

    s = new('one rotation')
    s.announce(5, 3, 'a', 'r')
    s.rotate(7, 2, 'a', 'b')

    s = new('three rotations, two in one block')
    s.announce(5, 3, 'a', 'r')
    s.rotate(7, 2, 'a', 'b')
    s.rotate(7, 5, 'b', 'c')
    s.rotate(9, 0, 'c', 'd')

    s = new('announcement and rotation in one block')
    s.announce(5, 1, 'a', 'r')
    s.rotate(5, 2, 'a', 'b')

    s = new('rotation before the announcement in one block')
    s.rotate(5, 1, 'a', 'b')
    s.announce(5, 2, 'a', 'r')

    s = new('rotation of a key that was never announced')
    s.rotate(5, 1, 'a', 'b')
    s.announce(6, 0, 'b', 'r')

    s = new('rotation of a past key')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'b')
    s.rotate(7, 0, 'a', 'c')

    s = new('rotation back to a past key')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'b')
    s.rotate(7, 0, 'b', 'a')

    s = new('rotation to a key of another identity')
    s.announce(5, 0, 'a', 'r')
    s.announce(5, 1, 'b', 's')
    s.rotate(6, 0, 'a', 'b')

    s = new('rotation to a key whose void rotation used it up')
    s.rotate(4, 0, 'x', 'b')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'b')
    s.rotate(7, 0, 'a', 'c')

    s = new('rotation to a revoked key')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 0, 'b', 'b')
    s.rotate(7, 0, 'a', 'b')

    s = new('rotation to the recovery key')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'r')
    s.recover(7, 0, 'r', 'a', 'b', 's')

    s = new('rotation to a recovery key of the past')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 0, 'r', 'a', 'b', 's')
    s.rotate(7, 0, 'b', 'r')

    s = new('self-revocation')
    s.announce(5, 3, 'a', 'r')
    s.revoke(7, 4, 'a', 'a', 1699990000)

    s = new('self-revocation of a key that was never announced')
    s.revoke(7, 4, 'a', 'a')
    s.announce(8, 0, 'a', 'r')

    s = new('self-revocation before the announcement in one block, by order of kinds')
    s.announce(7, 1, 'a', 'r')
    s.revoke(7, 4, 'a', 'a')

    s = new('self-revocation and rotation in one block')
    s.announce(5, 0, 'a', 'r')
    s.rotate(7, 1, 'a', 'b')
    s.revoke(7, 4, 'a', 'a')

    s = new('self-revocation of a past key')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'b')
    s.revoke(7, 0, 'a', 'a', 1650000000)

    s = new('self-revocation of the new key in the block of the rotation')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'b')
    s.revoke(6, 5, 'b', 'b')

    s = new('three revocations with a since')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 0, 'a', 'a', 1690000000)
    s.revoke(7, 0, 'a', 'a', 1680000000)
    s.revoke(8, 0, 'r', 'a', 1685000000)

    s = new('claims by the key before and after it handed over')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 3, 'a', 'b')
    s.revoke(6, 9, 'a', 'a', 1690000000)
    s.revoke(7, 0, 'a', 'a', 1680000000)

    s = new('claims by a thief after a recovery, and by the owner')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 1, 'r', 'a', 'b', 's')
    s.revoke(6, 2, 'a', 'a', 1)
    s.revoke(6, 3, 's', 'a', 1690000000)
    s.revoke(8, 0, 'a', 'a', 0)

    s = new('claims on a key that was never announced')
    s.revoke(6, 0, 'a', 'a', 1690000000)
    s.revoke(7, 0, 'a', 'a', 1680000000)

    s = new('a claim in the block of an earlier revocation without one')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 1, 'a', 'a')
    s.revoke(6, 0, 'r', 'a', 1690000000)
    s.revoke(6, 2, 'r', 'a', 1680000000)

    s = new('a claim on a recovery key by itself')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 0, 'r', 'r', 1690000000)

    s = new('the same messages at several places')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'b')
    s.revoke(7, 0, 'a', 'a', 1690000000)
    s.again(5, 1, 0)
    s.again(6, 7, 1)
    s.again(8, 0, 1)
    s.again(9, 0, 2)
    s.again(4, 2, 0)

    s = new('a since of a stranger does not count')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 0, 'x', 'a', 1)
    s.revoke(7, 0, 'a', 'a')

    s = new('revocation by a stranger')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 0, 'x', 'a')

    s = new('revocation of an unannounced key by another')
    s.revoke(6, 0, 'x', 'a')
    s.announce(7, 0, 'a', 'r')

    s = new('revocation by the recovery key, then a recovery')
    s.announce(5, 3, 'a', 'r')
    s.revoke(7, 4, 'r', 'a')
    s.recover(9, 1, 'r', 'a', 'b', 's')

    s = new('revocation by the recovery key in the block of the announcement')
    s.announce(5, 1, 'a', 'r')
    s.revoke(5, 4, 'r', 'a')

    s = new('revocation of a past key by the recovery key')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'b')
    s.revoke(7, 0, 'r', 'a', 1600000000)

    s = new('revocation of a key of another identity')
    s.announce(5, 0, 'a', 'r')
    s.announce(5, 1, 'b', 's')
    s.revoke(6, 0, 'r', 'b')

    s = new('recovery')
    s.announce(5, 3, 'a', 'r')
    s.recover(7, 6, 'r', 'a', 'b', 's')

    s = new('recovery from a past key ends the current one')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'b')
    s.recover(7, 6, 'r', 'a', 'c', 's')

    s = new('a thief rotates first, the owner recovers')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'x')
    s.rotate(6, 1, 'x', 'y')
    s.recover(8, 3, 'r', 'a', 'b', 's')
    s.rotate(9, 0, 'y', 'z')

    s = new('recovery and rotation in one block: the recovery first')
    s.announce(5, 0, 'a', 'r')
    s.rotate(7, 1, 'a', 'x')
    s.recover(7, 6, 'r', 'a', 'b', 's')

    s = new('recovery, then a rotation of the new key in one block')
    s.announce(5, 0, 'a', 'r')
    s.rotate(7, 1, 'b', 'c')
    s.recover(7, 6, 'r', 'a', 'b', 's')

    s = new('recovery by a stranger')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 0, 'x', 'a', 'y', 'z')
    s.recover(7, 0, 'z', 'a', 'y', 'x')

    s = new('recovery of a key in no identity')
    s.recover(6, 0, 'r', 'a', 'b', 's')
    s.announce(7, 0, 'a', 'r')

    s = new('recovery in the block of the announcement')
    s.announce(5, 0, 'a', 'r')
    s.recover(5, 4, 'r', 'a', 'b', 's')
    s.recover(6, 0, 'r', 'a', 'c', 's')

    s = new('the same recovery key twice')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 0, 'r', 'a', 'b', 's')
    s.recover(7, 0, 'r', 'b', 'c', 't')

    s = new('two recoveries, each by its key')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 0, 'r', 'a', 'b', 's')
    s.recover(7, 0, 's', 'b', 'c', 't')

    s = new('two recoveries in one block')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 1, 'r', 'a', 'b', 's')
    s.recover(6, 2, 's', 'a', 'c', 't')

    s = new('recovery to a commitment of the past')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 0, 'r', 'a', 'b', 's')
    s.recover(7, 0, 's', 'b', 'c', 'r')
    s.recover(8, 0, 's', 'b', 'd', 't')

    s = new('recovery to a commitment that names a past key')
    s.announce(5, 0, 'a', 'r')
    s.rotate(6, 0, 'a', 'b')
    s.recover(7, 0, 'r', 'b', 'c', 'a')

    s = new('recovery to a used key')
    s.announce(5, 0, 'a', 'r')
    s.announce(5, 1, 'b', 't')
    s.recover(6, 0, 'r', 'a', 'b', 's')
    s.recover(7, 0, 'r', 'a', 'c', 's')

    s = new('recovery to a revoked key')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 0, 'b', 'b')
    s.recover(7, 0, 'r', 'a', 'b', 's')

    s = new('recovery to a key that a commitment of the past names')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 0, 'r', 'a', 'b', 's')
    s.recover(7, 0, 's', 'b', 'r', 't')

    s = new('the recovery key revokes itself')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 0, 'r', 'r')
    s.recover(7, 0, 'r', 'a', 'b', 's')
    s.revoke(8, 0, 'r', 'a')

    s = new('the recovery key revokes itself before it recovers, in one block')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 1, 'r', 'r')
    s.recover(6, 2, 'r', 'a', 'b', 's')

    s = new('the recovery key recovers and then revokes itself, in one block')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 1, 'r', 'a', 'b', 's')
    s.revoke(6, 2, 'r', 'r')

    s = new('the signing key revokes itself and the identity is recovered, in one block')
    s.announce(5, 0, 'a', 'r')
    s.revoke(6, 1, 'a', 'a')
    s.recover(6, 2, 'r', 'a', 'b', 's')

    s = new('the identity is recovered and the old key revokes itself, in one block')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 1, 'r', 'a', 'b', 's')
    s.revoke(6, 2, 'a', 'a', 1600000000)

    s = new('the new key of a recovery revokes itself in its block')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 1, 'r', 'a', 'b', 's')
    s.revoke(6, 2, 'b', 'b')
    s.recover(7, 0, 's', 'b', 'c', 't')

    s = new('the new recovery key revokes the new key in the block of the recovery')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 1, 'r', 'a', 'b', 's')
    s.revoke(6, 2, 's', 'b')

    s = new('the old recovery key has no word after the recovery')
    s.announce(5, 0, 'a', 'r')
    s.recover(6, 1, 'r', 'a', 'b', 's')
    s.revoke(7, 0, 'r', 'b')
    s.revoke(8, 0, 's', 'b')

    s = new('one recovery key for two identities')
    s.announce(5, 0, 'a', 'r')
    s.announce(5, 1, 'b', 'r')
    s.recover(6, 0, 'r', 'a', 'c', 's')
    s.recover(7, 0, 'r', 'b', 'd', 't')
    s.revoke(8, 0, 'r', 'b')

    s = new('recovery by the key of another identity')
    s.announce(5, 0, 'a', 'x')
    s.announce(6, 0, 'x', 'r')
    s.recover(7, 0, 'x', 'a', 'b', 's')

    s = new('an ordinary rotation by a key that a commitment names leads nowhere')
    s.announce(5, 0, 'x', 'a')
    s.announce(6, 0, 'a', 'r')
    s.rotate(7, 0, 'a', 'x')

    s = new('no reach back: positions before a late revocation')
    s.announce(1, 0, 'a', 'r')
    s.revoke(100, 0, 'a', 'a', 1500000000)

    s = new('a long life')
    s.announce(1, 0, 'a', 'r', 'Example')
    s.rotate(10, 3, 'a', 'b')
    s.revoke(20, 7, 'r', 'b', 1699999000)
    s.rotate(21, 0, 'b', 'x')
    s.recover(30, 1, 'r', 'b', 'c', 's')
    s.rotate(31, 0, 'c', 'd')
    s.revoke(32, 0, 'x', 'd')
    s.recover(40, 0, 's', 'a', 'e', 't')
    s.revoke(50, 2, 'e', 'e', 1699999500)
    s.recover(60, 0, 't', 'e', 'f', 'u')
    return made


def refused() -> list:
    other = fixed('histories other ledger')
    place, unlike, both = Scenario('two at one place'), Scenario('of another ledger'), Scenario('both')
    place.announce(5, 0, 'a', 'r')
    place.announce(5, 0, 'b', 's')
    unlike.announce(5, 0, 'a', 'r')
    unlike.ledger = other
    unlike.rotate(6, 0, 'a', 'b')
    both.announce(5, 0, 'a', 'r')
    both.ledger = other
    both.announce(5, 0, 'a', 'r')
    return [
        place.refused('identity-history-place'),
        unlike.refused('identity-history-ledger'),
        both.refused('identity-history-ledger'),
    ]


def vectors() -> dict:
    cases = [scenario.case() for scenario in scenarios()]
    people = [{'name': key.name, 'seed': key.seed.hex(), 'key': key.public} for key in KEYS.values()]
    return {
        'spec': 'docs/spec/identities.md',
        'ledger': LEDGER.hex(),
        'people': people,
        'histories': cases,
        'refusedHistories': refused(),
    }
