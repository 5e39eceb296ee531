"""The people and the channel of the channel vectors: three epochs, of Ann and Bob; with Cat; without Bob."""

from __future__ import annotations

from countersign import channel, ed25519, x25519

from ._render import fixed

LEDGER, OTHER_LEDGER = fixed('channel ledger'), fixed('channel other ledger')
TIME = 1_700_000_000


class Person:
    def __init__(self, name: str):
        self.name = name
        self.seed, self.secret = fixed('channel %s signing' % name), fixed('channel %s encryption' % name)
        self.local = fixed('channel %s local key' % name)
        self.sign, self.encrypt = ed25519.public_key(self.seed), x25519.public_key(self.secret)
        self.member = (self.sign, self.encrypt)

    def shown(self) -> dict:
        names = ('seed', 'sign', 'secret', 'encrypt', 'local')
        return {'name': self.name, **{name: getattr(self, name).hex() for name in names}}


ANN, BOB, CAT, EVE = (Person(name) for name in ('Ann', 'Bob', 'Cat', 'Eve'))
PEOPLE = (ANN, BOB, CAT, EVE)
TRANSACTION = channel.transaction_id(LEDGER, ANN.sign, fixed('channel transaction salt'))
OTHER_TRANSACTION = channel.transaction_id(LEDGER, ANN.sign, fixed('channel other transaction salt'))
SALT = fixed('channel salt')
CHANNEL = channel.channel_id(LEDGER, TRANSACTION, ANN.sign, SALT)


def nonce(label: str) -> bytes:
    return fixed('channel nonce ' + label, 16)


def random(label: str) -> bytes:
    return fixed('channel random ' + label)


def announced(label: str, author: Person, members: tuple, previous: tuple | None = None, **changes: object) -> tuple:
    """(leaf, data, keys, members) of an announcement whose random bytes come from the label."""
    given = {'ledger': LEDGER, 'transaction': TRANSACTION, 'salt': SALT if previous is None else None}
    given.update({name: changes.pop(name) for name in list(changes) if name in (*given, 'channel')})
    return channel.announce(
        author.seed,
        members=[member.member for member in members],
        local=author.local,
        random=changes.pop('random', random(label)),
        nonce=nonce(label),
        time=TIME,
        previous=previous,
        **given,
        **changes,
    )


FIRST = announced('first', ANN, (ANN, BOB))
SECOND = announced('second', BOB, (ANN, BOB, CAT), FIRST)
THIRD = announced('third', ANN, (ANN, CAT), SECOND)
PLACED = [(FIRST[0], 10, 0), (SECOND[0], 12, 3), (THIRD[0], 20, 1)]


def never(key: bytes, place: tuple) -> bool:
    """No key had ended."""
    return False


EPOCHS = channel.resolve(CHANNEL, PLACED, never)[0]


def message(announcement: tuple) -> dict:
    return {'leaf': announcement[0].bytes.hex(), 'data': announcement[1].hex()}


def cast() -> dict:
    """What every file begins with."""
    return {
        'ledger': LEDGER.hex(),
        'transaction': TRANSACTION.hex(),
        'channel': CHANNEL.hex(),
        'people': [person.shown() for person in PEOPLE],
        'chain': [
            {**message(made), 'height': height, 'index': index}
            for made, (_, height, index) in zip((FIRST, SECOND, THIRD), PLACED)
        ],
    }
