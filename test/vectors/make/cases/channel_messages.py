"""channel-messages.json: sealed messages, opening them with an epoch or a message key, and what they say."""

from __future__ import annotations

from countersign import channel, envelope, sealed
from countersign.common import Refused

from ._channel import (
    ANN,
    BOB,
    CAT,
    EPOCHS,
    EVE,
    FIRST,
    LEDGER,
    OTHER_TRANSACTION,
    SECOND,
    THIRD,
    TIME,
    TRANSACTION,
    Person,
    announced,
    cast,
    never,
    nonce,
    random,
)
from ._render import expect, fixed, packed

ANNOUNCED = (FIRST, SECOND, THIRD)
OPENED = [(announcement[2], announcement[3]) for announcement in ANNOUNCED]
KEY = fixed('channel message hash').hex()
OTHER_KEY = fixed('channel message other hash').hex()
TAGS = [channel.transaction_tag(LEDGER, TRANSACTION), FIRST[2].tag]


def text(words: str) -> tuple:
    return sealed.content('text', text=words)


def sealed_by(person: Person, number: int, plain: bytes, label: str, **changes: object) -> tuple:
    """(leaf, data, message key) in the epoch of this number."""
    epoch, keys = EPOCHS[number], OPENED[number][0]
    return sealed.seal(person.seed, epoch, keys, plain, person.local, random(label), nonce(label), TIME, **changes)


def shown(made: tuple) -> dict:
    return {'leaf': made[0].bytes.hex(), 'data': packed(made[1])}


def _messages() -> list:
    made = []
    for name, person, number, (kind, content) in (
        ('a text', ANN, 0, text('The price is 100.')),
        ('a text of two lines', BOB, 0, text('One line\nand another: \u00e9\U0001f4dc')),
        ('joined', CAT, 1, sealed.content('joined', proof=SECOND[2].joined(EPOCHS[1].id, CAT.sign).hex())),
        ('leave', BOB, 1, sealed.content('leave')),
        ('remove', ANN, 1, sealed.content('remove', members=[BOB.sign.hex()])),
        ('read', CAT, 2, sealed.content('read', messages=sorted([KEY, OTHER_KEY]))),
        (
            'a document',
            ANN,
            2,
            sealed.content('document', hash=KEY, key=OTHER_KEY, media='application/pdf', name='Contract.pdf', size=4294967296),
        ),
        ('disclosed to a key', ANN, 2, sealed.content('disclosed', grant=KEY, scope='period', to=EVE.sign.hex())),
        ('disclosed to a file', ANN, 2, sealed.content('disclosed', grant=KEY, scope='message')),
        ('an unknown type', ANN, 2, ('application/x.future', b'\x00\xff')),
        ('nothing of an unknown type', ANN, 2, ('a', b'')),
        ('just a step', ANN, 0, ('a', bytes(250))),
        ('one byte beyond a step', ANN, 0, ('a', bytes(251))),
    ):
        label = 'message ' + name
        one = sealed_by(person, number, sealed.plaintext_of(kind, content), label)
        found = sealed.open_sealed(EPOCHS[number], one[0], one[1], OPENED[number], None)
        assert found == (kind, content)
        assert sealed.open_sealed(EPOCHS[number], one[0], one[1], None, one[2]) == found
        known = sealed.read_content(kind, content)
        case = {'name': name, 'sender': person.name, 'epoch': number, 'random': random(label).hex(), 'nonce': nonce(label).hex()}
        case.update({'time': TIME, 'contentType': kind, 'content': content.hex(), 'known': known, 'key': one[2].hex()})
        made.append({**case, **shown(one)})
    return made


def _refused_reading() -> list:
    made, plain = [], sealed.plaintext_of(*text('hello'))
    for code, name, changes in (
        ('sealed-members', 'commitment missing', {'body': {'commitment': ...}}),
        ('sealed-members', 'epoch missing', {'body': {'epoch': ...}}),
        ('sealed-members', 'salt missing', {'body': {'salt': ...}}),
        ('sealed-members', 'surplus member', {'body': {'name': 'x'}}),
        ('sealed-value', 'commitment too short', {'body': {'commitment': '00'}}),
        ('sealed-value', 'epoch null', {'body': {'epoch': None}}),
        ('sealed-value', 'salt in upper case', {'body': {'salt': 'AB' * 32}}),
        ('sealed-value', 'salt as a number', {'body': {'salt': 5}}),
        ('sealed-size', 'no data', {'edit': lambda data: b''}),
        ('sealed-size', 'an authenticator alone', {'edit': lambda data: data[:16]}),
        ('sealed-size', 'one byte fewer', {'edit': lambda data: data[:-1]}),
        ('sealed-size', 'one byte more', {'edit': lambda data: data + b'\x00'}),
        ('sealed-size', 'between two steps', {'edit': lambda data: bytes(16 + 2304)}),
    ):
        one = sealed_by(ANN, 0, plain, 'refused', **changes)
        expect(code, sealed.read_sealed, envelope.parse_leaf(one[0].bytes))
        made.append({'name': name, 'code': code, **shown(one)})
    return made


def _refused_opening() -> list:
    """Judged in the first epoch: by its secret (`key` null), or with a message key."""
    made, plain = [], sealed.plaintext_of(*text('hello'))
    good = sealed_by(ANN, 0, plain, 'opening')
    other = sealed_by(ANN, 0, plain, 'opening another')

    def add(code: str, name: str, one: tuple, key: bytes | None = None, absent: bool = False) -> None:
        data = None if absent else one[1]
        expect(code, sealed.open_sealed, EPOCHS[0], one[0], data, OPENED[0] if key is None else None, key)
        case = {'name': name, 'code': code, 'key': None if key is None else key.hex(), 'absent': absent}
        made.append({**case, 'ledger': one[0].head['ledger'], **shown(one)})

    def mine(name: str, **changes: object) -> tuple:
        return sealed_by(ANN, 0, plain, 'opening ' + name, **changes)

    add('sealed-epoch', 'of another epoch', sealed_by(ANN, 1, plain, 'opening second'))
    add('sealed-epoch', 'of another epoch, with its own key', sealed_by(ANN, 1, plain, 'x'), sealed_by(ANN, 1, plain, 'x')[2])
    add('sealed-epoch', 'names another epoch', mine('epoch', body={'epoch': EPOCHS[1].id.hex()}))
    elsewhere = announced('first', ANN, (ANN, BOB), transaction=OTHER_TRANSACTION)
    there = channel.resolve(bytes.fromhex(elsewhere[0].head['body']['channel']), [(elsewhere[0], 1, 0)], never)[0][0]
    moved = sealed.seal(ANN.seed, there, elsewhere[2], plain, ANN.local, random('moved'), nonce('moved'), TIME)
    add('sealed-epoch', 'of another channel on another transaction', moved)
    add('sealed-tag', 'no tags', mine('tags', tags=[]))
    add('sealed-tag', 'no tag of the transaction', mine('tags', tags=TAGS[1:]))
    add('sealed-tag', 'no tag of the epoch', mine('tags', tags=TAGS[:1]))
    add('sealed-tag', 'tag of the next epoch', mine('tags', tags=[TAGS[0], SECOND[2].tag]))
    add('sealed-sender', 'by someone who got the secret', sealed_by(EVE, 0, plain, 'opening eve'))
    add('sealed-withheld', 'data absent', good, absent=True)
    add('sealed-withheld', 'data absent, with the key', good, key=good[2], absent=True)
    add('sealed-commitment', 'the key of another message', good, key=other[2])
    add('sealed-commitment', 'a key of zeros', good, key=bytes(32))
    add('sealed-commitment', 'the secret of the epoch for a key', good, key=FIRST[2].secret)
    add('sealed-commitment', 'another salt', mine('salt', body={'salt': '00' * 32}))
    add('sealed-commitment', 'another commitment', mine('commitment', body={'commitment': '00' * 32}))
    body = {name: good[0].head['body'][name] for name in ('commitment', 'salt')}
    swapped = sealed_by(BOB, 0, plain, 'opening swapped', body=body, edit=lambda data: good[1])
    add('sealed-commitment', 'sent again by another member', swapped)
    add('sealed-commitment', 'sent again by another member, with the key', swapped, key=good[2])
    add('sealed-box', 'the box of another message', mine('box', edit=lambda data: other[1]))
    add('sealed-box', 'authenticator changed', mine('auth', edit=lambda data: bytes([data[0] ^ 1]) + data[1:]))
    add('sealed-box', 'last byte changed', mine('last', edit=lambda data: data[:-1] + bytes([data[-1] ^ 1])))
    add('sealed-box', 'a step more', mine('more', edit=lambda data: data + bytes(256)))
    whole = channel.padded(plain)
    length = len(plain)
    for name, padding in (
        ('another byte than zero at the end', whole[:-1] + b'\x01'),
        ('another byte than zero behind the text', whole[: 4 + length] + b'\x80' + whole[5 + length :]),
        ('a length that is one too large', (length + 300).to_bytes(4, 'big') + whole[4:]),
        ('the largest length', b'\xff' * 4 + whole[4:]),
        ('a step too much', whole + bytes(256)),
        ('nothing', channel.padded(b'')),
        ('an empty content type', channel.padded(b'\x00hello')),
        ('a content type that ends too early', channel.padded(b'\x05text')),
        ('a content type in upper case', channel.padded(b'\x04Text{}')),
        ('a content type of 128 bytes', channel.padded(b'\x80' + b'a' * 128)),
        ('a content type that is no ASCII', channel.padded(b'\x02\xc3\xa9')),
    ):
        add('sealed-box', 'padding: ' + name, mine('padding', padding=padding))
    return made


def _refused_contents() -> list:
    made = []
    for code, kind, name, data in (
        ('json-syntax', 'text', 'no JSON', b'hello'),
        ('json-unsorted', 'document', 'out of order', b'{"b":1,"a":2}'),
        ('content-members', 'text', 'nothing', b'{}'),
        ('content-members', 'text', 'surplus', b'{"a":1,"text":"x"}'),
        ('content-members', 'text', 'no object', b'[]'),
        ('content-members', 'leave', 'surplus', b'{"a":1}'),
        ('content-members', 'disclosed', 'no scope', b'{"grant":"%s"}' % KEY.encode()),
        ('content-value', 'text', 'empty', b'{"text":""}'),
        ('content-value', 'text', 'spaces only', b'{"text":" \\n "}'),
        ('content-value', 'text', 'a tab', b'{"text":"a\\tb"}'),
        ('content-value', 'text', 'reordering', '{"text":"a\u202eb"}'.encode()),
        ('content-value', 'joined', 'proof too short', b'{"proof":"00"}'),
        ('content-value', 'remove', 'nobody', b'{"members":[]}'),
        ('content-value', 'remove', 'twice', b'{"members":["%s","%s"]}' % (KEY.encode(), KEY.encode())),
        ('content-value', 'read', 'descending', b'{"messages":["%s","%s"]}' % tuple(sorted((k.encode() for k in (KEY, OTHER_KEY)), reverse=True))),
        ('content-value', 'disclosed', 'another scope', b'{"grant":"%s","scope":"all"}' % KEY.encode()),
        ('content-value', 'disclosed', 'to null', b'{"grant":"%s","scope":"epoch","to":null}' % KEY.encode()),
        ('content-value', 'document', 'too large', sealed.content('document', hash=KEY, key=KEY, media='a', name='a', size=2**32 + 1)[1]),
        ('content-value', 'document', 'media in upper case', sealed.content('document', hash=KEY, key=KEY, media='A', name='a', size=1)[1]),
        ('content-value', 'document', 'a name with a line feed', sealed.content('document', hash=KEY, key=KEY, media='a', name='a\nb', size=1)[1]),
    ):
        content_type = sealed.CONTENT + kind + '.v1'
        expect(code, sealed.read_content, content_type, data)
        made.append({'name': '%s: %s' % (kind, name), 'code': code, 'contentType': content_type, 'content': data.hex()})
    return made


def _joinings() -> list:
    """Messages `joined` and whether their proof is that of the epoch and the sender."""
    made = []
    for name, person, proof in (
        ('ok', CAT, SECOND[2].joined(EPOCHS[1].id, CAT.sign)),
        ('the proof of another', CAT, SECOND[2].joined(EPOCHS[1].id, ANN.sign)),
        ('of another epoch', ANN, FIRST[2].joined(EPOCHS[0].id, ANN.sign)),
        ('zeros', ANN, bytes(32)),
    ):
        right = proof == SECOND[2].joined(EPOCHS[1].id, person.sign)
        plain = sealed.plaintext_of(*sealed.content('joined', proof=proof.hex()))
        one = sealed_by(person, 1, plain, 'joining ' + name)
        made.append({'name': name, 'code': 'ok' if right else 'content-proof', 'epoch': 1, **shown(one)})
    return made


def _changed() -> list:
    """Every byte of box, salt and commitment of a message in the first epoch, signed again by its sender each time."""
    plain = sealed.plaintext_of(*text('The price is 100.'))
    one = sealed_by(ANN, 0, plain, 'changed')
    made = []
    for what in ('data', 'salt', 'commitment', 'epoch'):
        whole = one[1] if what == 'data' else bytes.fromhex(one[0].head['body'][what])
        runs = []
        for mask in (0x01, 0x80):
            for at in range(len(whole)):
                changed = whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :]
                body = {} if what == 'data' else {what: changed.hex()}
                data = changed if what == 'data' else one[1]
                head = {**one[0].head, 'body': {**one[0].head['body'], **body}}
                # Opening looks at nothing that a signature would change.
                leaf = envelope.Leaf(sealed.SEALED, ANN.sign, b'', len(data), b'')
                leaf.head = head
                try:
                    sealed.open_sealed(EPOCHS[0], leaf, data, OPENED[0], None)
                    raise AssertionError('accepted')
                except Refused as refused:
                    code = refused.code
                if runs and runs[-1][0] == mask and runs[-1][3] == code:
                    runs[-1][2] = at
                else:
                    runs.append([mask, at, at, code])
        made.append({'what': what, 'sender': 'Ann', **shown(one), 'sweep': runs})
    return made


def vectors() -> dict:
    return {
        'spec': 'docs/spec/channels.md',
        **cast(),
        'messages': _messages(),
        'refusedReading': _refused_reading(),
        'refusedOpening': _refused_opening(),
        'refusedContents': _refused_contents(),
        'joinings': _joinings(),
        'changed': _changed(),
    }
