"""channel-epochs.json: announcements, which of them count, and opening epochs."""

from __future__ import annotations

from countersign import channel, envelope
from countersign.common import Refused

from ._channel import (
    ANN,
    BOB,
    CAT,
    CHANNEL,
    EPOCHS,
    EVE,
    FIRST,
    LEDGER,
    OTHER_LEDGER,
    OTHER_TRANSACTION,
    PEOPLE,
    SALT,
    SECOND,
    THIRD,
    TRANSACTION,
    Person,
    announced,
    cast,
    message,
    never,
    nonce,
    random,
)
from ._render import code_of, expect, fixed
from .x25519 import small_u

SMALL = small_u()[0].to_bytes(32, 'little')
TAG = channel.transaction_tag(LEDGER, TRANSACTION)


def _composed() -> list:
    made = []
    for name, label, author, members, announcement, before in (
        ('founding', 'first', ANN, (ANN, BOB), FIRST, None),
        ('a member more', 'second', BOB, (ANN, BOB, CAT), SECOND, 0),
        ('a member less', 'third', ANN, (ANN, CAT), THIRD, 1),
    ):
        channel.read_announcement(envelope.parse_leaf(announcement[0].bytes))
        made.append(
            {
                'name': name,
                'author': author.name,
                'members': [person.name for person in members],
                'random': random(label).hex(),
                'nonce': nonce(label).hex(),
                'time': 1_700_000_000,
                'salt': SALT.hex() if before is None else None,
                'previous': before,
                'secret': announcement[2].secret.hex(),
                **message(announcement),
            }
        )
    alone = announced('alone', EVE, (EVE,))
    made.append(
        {
            'name': 'a channel of one',
            'author': 'Eve',
            'members': ['Eve'],
            'random': random('alone').hex(),
            'nonce': nonce('alone').hex(),
            'time': 1_700_000_000,
            'salt': SALT.hex(),
            'previous': None,
            'secret': alone[2].secret.hex(),
            **message(alone),
        }
    )
    return made


def _refused() -> list:
    made = []

    def founding(code: str, name: str, **changes: object) -> None:
        add(code, 'founding: ' + name, announced('first', ANN, (ANN, BOB), **changes))

    def following(code: str, name: str, **changes: object) -> None:
        add(code, 'following: ' + name, announced('second', BOB, (ANN, BOB, CAT), FIRST, **changes))

    def add(code: str, name: str, announcement: tuple) -> None:
        leaf = envelope.parse_leaf(announcement[0].bytes)
        expect(code, channel.read_announcement, leaf)
        made.append({'name': name, 'code': code, **message(announcement)})

    for name in ('channel', 'commitment', 'members', 'roster', 'tag', 'salt', 'transaction'):
        founding('channel-members', name + ' missing', body={name: ...})
    for name in ('channel', 'commitment', 'members', 'roster', 'tag', 'member', 'previous'):
        following('channel-members', name + ' missing', body={name: ...})
    founding('channel-members', 'surplus member', body={'name': 'x'})
    founding('channel-members', 'with member', body={'member': {}})
    following('channel-members', 'with salt', body={'salt': SALT.hex()})
    founding('channel-members', 'previous, the rest of a founding one', body={'previous': '00' * 32})
    for name in ('channel', 'commitment', 'roster', 'tag', 'salt', 'transaction'):
        founding('channel-value', name + ' too short', body={name: '00' * 31})
        founding('channel-value', name + ' null', body={name: None})
    founding('channel-value', 'tag in upper case', body={'tag': 'AA' * 32})
    for count in (0, 257, '2', None):
        founding('channel-value', 'members %r' % (count,), body={'members': count})
    proof = channel.show_member(FIRST, BOB.sign)
    following('channel-value', 'previous null', body={'previous': None})
    following('channel-value', 'member null', body={'member': None})
    for name in proof:
        following('channel-value', 'member without ' + name, body={'member': {k: v for k, v in proof.items() if k != name}})
    following('channel-value', 'member with more', body={'member': {**proof, 'sign': BOB.sign.hex()}})
    following('channel-value', 'index 256', body={'member': {**proof, 'index': 256}})
    following('channel-value', 'index below 0', body={'member': {**proof, 'index': -1}})
    following('channel-value', 'path of 9', body={'member': {**proof, 'path': ['00' * 32] * 9}})
    following('channel-value', 'path with a short hash', body={'member': {**proof, 'path': ['00' * 31]}})
    founding('channel-data', 'one byte more', edit=lambda data: data + b'\x00')
    founding('channel-data', 'one byte fewer', edit=lambda data: data[:-1])
    founding('channel-data', 'nothing', data=b'')
    founding('channel-data', 'another number of members', body={'members': 3})
    founding('channel-founder', 'another salt', body={'salt': fixed('channel another salt').hex()})
    founding('channel-founder', 'another transaction', body={'transaction': OTHER_TRANSACTION.hex()})
    founding('channel-founder', 'another channel', body={'channel': '00' * 32})
    add('channel-founder', 'founding: sent by another', announced('first', BOB, (ANN, BOB), channel=CHANNEL))
    add('channel-founder', 'founding: in another ledger', announced('first', ANN, (ANN, BOB), ledger=OTHER_LEDGER, channel=CHANNEL))
    founding('channel-tag', 'no tags', tags=[])
    founding('channel-tag', 'no tag of the epoch', tags=[TAG])
    founding('channel-tag', 'no tag of the transaction', tags=[FIRST[2].tag])
    following('channel-tag', 'no tag of the epoch', tags=[TAG, FIRST[2].tag])
    return made


class Scene:
    """Announcements by name, and what becomes of them at their places."""

    def __init__(self):
        again = announced('again', ANN, (ANN, BOB))
        zero, one = FIRST, SECOND
        proof = channel.show_member(zero, ANN.sign)
        self.all = {
            'first': zero,
            'second': one,
            'third': THIRD,
            'founded again': again,
            'sibling by Ann': announced('sibling', ANN, (ANN, CAT), zero),
            'late sibling': announced('late', BOB, (BOB,), zero),
            'by Eve': announced('eve', EVE, (EVE, BOB), zero),
            'by Eve with the proof of Ann': announced('eve 2', EVE, (EVE,), zero, body={'member': proof}),
            'with a changed path': announced('path', BOB, (BOB,), zero, body={'member': {**channel.show_member(zero, BOB.sign), 'path': ['00' * 32]}}),
            'with another index': announced('index', BOB, (BOB,), zero, body={'member': {**channel.show_member(zero, BOB.sign), 'index': 1 - channel.show_member(zero, BOB.sign)['index']}}),
            'with another salt': announced('salt', BOB, (BOB,), zero, body={'member': {**channel.show_member(zero, BOB.sign), 'salt': '00' * 32}}),
            'without the tag before': announced('no tag', BOB, (ANN, BOB), zero, tags=[TAG, announced('no tag', BOB, (ANN, BOB), zero)[2].tag]),
            'without the transaction tag': announced('no tag 2', BOB, (ANN, BOB), zero, tags=[zero[2].tag, announced('no tag 2', BOB, (ANN, BOB), zero)[2].tag]),
            'on the sibling': announced('on sibling', ANN, (ANN,), announced('sibling', ANN, (ANN, CAT), zero)),
            'by Bob after his removal': announced('bob late', BOB, (BOB,), THIRD),
            'by Cat': announced('cat', CAT, (CAT, ANN, EVE), THIRD),
        }


def _chains() -> tuple:
    scene = Scene().all
    runs = (
        ('one after the other', [('first', 10, 0), ('second', 12, 3), ('third', 20, 1)], []),
        ('handed in the other way round', [('third', 20, 1), ('second', 12, 3), ('first', 10, 0)], []),
        ('all in one block', [('first', 5, 0), ('second', 5, 1), ('third', 5, 2)], []),
        ('nothing', [], []),
        ('no founding', [('second', 12, 0), ('third', 13, 0)], []),
        ('founded twice', [('first', 10, 0), ('founded again', 10, 1), ('second', 11, 0)], []),
        ('a sibling first', [('first', 10, 0), ('sibling by Ann', 12, 2), ('second', 12, 3), ('third', 20, 0)], []),
        ('a sibling later', [('first', 10, 0), ('second', 12, 1), ('sibling by Ann', 12, 2), ('third', 20, 0)], []),
        ('a sibling much later', [('first', 10, 0), ('second', 12, 1), ('third', 20, 0), ('late sibling', 30, 0)], []),
        ('on a void one', [('first', 10, 0), ('second', 12, 1), ('sibling by Ann', 12, 2), ('on the sibling', 13, 0)], []),
        ('before what it follows on', [('first', 10, 0), ('third', 11, 0), ('second', 12, 0)], []),
        ('strangers first', [('first', 10, 0), ('by Eve', 11, 0), ('by Eve with the proof of Ann', 11, 1), ('second', 12, 0)], []),
        (
            'wrong proofs first',
            [('first', 10, 0), ('with a changed path', 11, 0), ('with another index', 11, 1), ('with another salt', 11, 2), ('second', 12, 0)],
            [],
        ),
        (
            'without tags first',
            [('first', 10, 0), ('without the tag before', 11, 0), ('without the transaction tag', 11, 1), ('second', 12, 0)],
            [],
        ),
        ('a removed member', [('first', 10, 0), ('second', 12, 0), ('third', 20, 0), ('by Bob after his removal', 21, 0), ('by Cat', 22, 0)], []),
        ('a key that had ended', [('first', 10, 0), ('second', 12, 0), ('late sibling', 13, 0)], [['Bob', 12]]),
        ('a key that ends later', [('first', 10, 0), ('second', 12, 0)], [['Bob', 13]]),
        ('a founder whose key had ended', [('first', 10, 0), ('second', 12, 0)], [['Ann', 10]]),
    )
    made = []
    for name, places, ended in runs:
        ends = {person.sign: height for person in PEOPLE for who, height in ended if who == person.name}
        placed = [(scene[who][0], height, index) for who, height, index in places]
        epochs, codes = channel.resolve(CHANNEL, placed, lambda key, at: key in ends and ends[key] <= at[0])
        order = sorted(range(len(places)), key=lambda i: places[i][1:])
        outcome = dict(zip(order, codes))
        made.append(
            {
                'name': name,
                'placed': [[who, height, index, outcome[i]] for i, (who, height, index) in enumerate(places)],
                'ended': ended,
                'epochs': [epoch.id.hex() for epoch in epochs],
            }
        )
    found = {entry[3] for chain in made for entry in chain['placed']}
    wanted = {'ok', *('channel-void-' + what for what in ('unknown', 'sibling', 'author', 'tag', 'key'))}
    assert found == wanted, found ^ wanted
    return made, [{'name': name, **message(announcement)} for name, announcement in scene.items()]


def _refused_chains() -> list:
    other = announced('other channel', ANN, (ANN,), salt=fixed('channel other salt'))
    foreign = announced('other ledger', ANN, (ANN, BOB), FIRST, ledger=OTHER_LEDGER)
    made = []
    for code, name, entries in (
        ('channel-other', 'another channel', [(FIRST, 1, 0), (other, 2, 0)]),
        ('channel-other', 'another ledger', [(FIRST, 1, 0), (foreign, 2, 0)]),
        ('channel-place', 'two at one place', [(FIRST, 1, 0), (SECOND, 1, 0)]),
        ('channel-other', 'both', [(FIRST, 1, 0), (SECOND, 1, 0), (other, 2, 0)]),
    ):
        placed = [(announcement[0], height, index) for announcement, height, index in entries]
        expect(code, channel.resolve, CHANNEL, placed, never)
        shown = [
            {**message(announcement), 'ledger': announcement[0].head['ledger'], 'height': height, 'index': index}
            for announcement, height, index in entries
        ]
        made.append({'name': name, 'code': code, 'placed': shown})
    return made


def _openings() -> list:
    made = []
    for epoch, announcement in zip(EPOCHS, (FIRST, SECOND, THIRD)):
        for person in PEOPLE:
            code = code_of(channel.open_as_member, epoch, announcement[1], person.sign, person.secret)
            if code is None:
                keys, members = channel.open_as_member(epoch, announcement[1], person.sign, person.secret)
                assert keys.secret == announcement[2].secret and members == announcement[3]
            made.append({'epoch': epoch.number, 'who': person.name, 'code': code or 'ok'})
    return made


def _bad_openings() -> list:
    """Announcements that count and do not open; each is the second of the chain. `who` opens, or `secret` is given."""
    made = []
    wraps = 3
    right = SECOND[2].secret

    def add(code: str, name: str, announcement: tuple, who=None, secret: bytes | None = None, absent: bool = False) -> None:
        epoch = channel.resolve(CHANNEL, [(FIRST[0], 1, 0), (announcement[0], 2, 0)], never)[0][1]
        data = None if absent else announcement[1]
        if who is not None:
            expect(code, channel.open_as_member, epoch, data, who.sign, who.secret)
        else:
            expect(code, channel.open_by_secret, epoch, data, secret)
        shown = {'who': who.name} if who is not None else {'secret': secret.hex()}
        made.append({'name': name, 'code': code, **shown, 'absent': absent, **message(announcement)})

    def following(**changes: object) -> tuple:
        return announced('second', BOB, (ANN, BOB, CAT), FIRST, **changes)

    def at(position: int, value: bytes):
        return lambda data: data[:position] + value + data[position + len(value) :]

    index = {person.name: SECOND[3].index(person.member) for person in (ANN, BOB, CAT)}
    bad = following(edit=at(81 * index['Cat'] + 40, b'\x00' * 8))
    add('channel-wrap', 'a bad wrap to one member: that member', bad, CAT)
    add('channel-withheld', 'no data', SECOND, ANN, absent=True)
    add('channel-withheld', 'no data, by secret', SECOND, secret=right, absent=True)
    add('channel-suite', 'the last wrap of suite 2', following(edit=at(81 * (wraps - 1), b'\x02')), ANN)
    add('channel-suite', 'the first wrap of suite 0', following(edit=at(0, b'\x00')), secret=right)
    add('channel-key', 'an ephemeral key of small order', following(edit=at(1, SMALL)), EVE)
    add('channel-wrap', 'no member', SECOND, EVE)
    add('channel-commitment', 'another secret', SECOND, secret=fixed('channel another secret'))
    add('channel-commitment', 'the secret of the epoch before', SECOND, secret=FIRST[2].secret)
    add('channel-commitment', 'another commitment', following(body={'commitment': '00' * 32}), ANN)
    add('channel-epoch-tag', 'another tag', following(body={'tag': '11' * 32}, tags=[TAG, FIRST[2].tag, b'\x11' * 32]), ANN)
    add('channel-roster', 'the box changed', following(edit=lambda data: data[:-1] + bytes([data[-1] ^ 1])), ANN)
    add('channel-roster', 'another root', following(body={'roster': '22' * 32}), ANN)
    members = SECOND[3]
    plain = b''.join(sign + encrypt for sign, encrypt in members)
    for name, changed in (
        ('two members exchanged', b''.join(sign + encrypt for sign, encrypt in (members[1], members[0], members[2]))),
        ('a member twice', b''.join(sign + encrypt for sign, encrypt in (members[0], members[0], members[2]))),
        ('another X25519 key', plain[:32] + EVE.encrypt + plain[64:]),
        ('an X25519 key of small order', plain[:32] + SMALL + plain[64:]),
        ('an Ed25519 key of small order', bytes(32) + plain[32:]),
    ):
        add('channel-roster', name, following(sealed_members=changed), secret=right)
    weak = Person('Weak')
    weak.member = (weak.sign, SMALL)
    add('channel-roster', 'a member whose X25519 key is of small order', announced('weak', BOB, (ANN, BOB, weak), FIRST), ANN)
    weak.member = (bytes(32), CAT.encrypt)
    add('channel-roster', 'a member whose Ed25519 key is of small order', announced('weak 2', BOB, (ANN, BOB, weak), FIRST), ANN)
    backwards = sorted((ANN, BOB, CAT), key=lambda person: person.sign, reverse=True)
    add('channel-roster', 'a roster in descending order', announced('order', BOB, backwards, FIRST, as_given=True), ANN)
    add('channel-roster', 'a roster with a member twice', announced('twice', BOB, (ANN, BOB, BOB), FIRST), ANN)
    without = announced('not listed', BOB, (ANN, BOB, CAT), FIRST)
    cat = channel.wrap(without[2].secret, without[2].acx, EVE.member, fixed('channel ephemeral'))
    place = 81 * without[3].index(CAT.member)
    add('channel-not-member', 'a wrap for someone who is not listed', announced('not listed', BOB, (ANN, BOB, CAT), FIRST, edit=at(place, cat)), EVE)
    return made


def _changed() -> dict:
    """Every byte of the data of an announcement, opened by a member: the announcement is signed again each time."""
    runs = []
    for at in range(len(FIRST[1])):
        data = FIRST[1][:at] + bytes([FIRST[1][at] ^ 1]) + FIRST[1][at + 1 :]
        leaf = envelope.compose(ANN.seed, channel.EPOCH_TYPE, FIRST[0].head, data)
        epoch = channel.resolve(CHANNEL, [(leaf, 1, 0)], never)[0][0]
        try:
            channel.open_as_member(epoch, data, BOB.sign, BOB.secret)
            code = 'ok'
        except Refused as refused:
            code = refused.code
        # The wrap of another member may be changed without a difference to this one.
        if runs and runs[-1][3] == code:
            runs[-1][2] = at
        else:
            runs.append([1, at, at, code])
    return {'author': 'Ann', 'who': 'Bob', **message(FIRST), 'sweep': runs}


def vectors() -> dict:
    chains, scene = _chains()
    return {
        'spec': 'docs/spec/channels.md',
        **cast(),
        'announcements': _composed(),
        'refusedAnnouncements': _refused(),
        'scene': scene,
        'chains': chains,
        'refusedChains': _refused_chains(),
        'openings': _openings(),
        'refusedOpenings': _bad_openings(),
        'changed': [_changed()],
    }
