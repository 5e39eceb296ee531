"""channel-documents.json: documents in chunks, and their parts."""

from __future__ import annotations

from countersign import channel, envelope, sealed
from countersign.common import sha256

from ._channel import ANN, BOB, CHANNEL, LEDGER, OTHER_TRANSACTION, TIME, TRANSACTION, Person, nonce, random
from ._render import expect, fixed, packed

CTX = [LEDGER, TRANSACTION, CHANNEL, ANN.sign]
BOX = 65552


def file_of(size: int) -> bytes:
    """A file that a reader can make without this generator: byte i is i * 7 + the high byte of i, modulo 256."""
    return bytes((i * 7 + (i >> 8)) & 255 for i in range(size))


def described(file: bytes, key: bytes) -> dict:
    return {'hash': sha256(file).hex(), 'key': key.hex(), 'size': len(file)}


def _documents() -> list:
    made = []
    for size in (0, 1, 255, 256, 257, 65535, 65536, 65537, 150000):
        file = file_of(size)
        key = sealed.document_key(ANN.local, random('document %d' % size), CTX, file)
        boxes = sealed.seal_document(file, key, CTX)
        assert sealed.open_document(boxes, described(file, key), CTX) == file
        case = {'random': random('document %d' % size).hex(), **described(file, key)}
        case['name'] = sealed.document_keys(key, CTX)[1].hex()
        case['boxes'] = [packed(box) if len(box) < 1024 else {'length': len(box), 'sha256': sha256(box).hex()} for box in boxes]
        made.append(case)
    return made


def _refused() -> list:
    """What is wrong with the boxes of a document of 150,000 bytes: `boxes` names them by number."""
    file = file_of(150000)
    key = sealed.document_key(ANN.local, random('document 150000'), CTX, file)
    boxes, about = sealed.seal_document(file, key, CTX), described(file, key)
    other = sealed.seal_document(file, fixed('another document key'), CTX)
    made = []

    def changed(box: bytes, at: int) -> bytes:
        return box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :]

    assert len(boxes) == 3
    kinds = {
        '0': boxes[0],
        '1': boxes[1],
        '2': boxes[2],
        'changed 1': changed(boxes[1], 40000),
        'changed 2': changed(boxes[2], 0),
        'cut 2': boxes[2][:-1],
        'cut 1': boxes[1][:1040],
        'foreign 1': other[1],
        'empty': b'',
    }
    for code, name, order in (
        ('ok', 'whole', ['0', '1', '2']),
        ('document-missing', 'nothing', []),
        ('document-missing', 'the last one missing', ['0', '1']),
        ('document-chunk', 'the first one missing', ['1', '2']),
        ('document-chunk', 'one in the middle missing', ['0', '2']),
        ('document-chunk', 'two exchanged', ['1', '0', '2']),
        ('document-chunk', 'the last two exchanged', ['0', '2', '1']),
        ('document-chunk', 'one twice', ['0', '0', '1', '2']),
        ('document-chunk', 'the last one twice', ['0', '1', '2', '2']),
        ('document-chunk', 'one too many', ['0', '1', '2', 'empty']),
        ('document-chunk', 'a changed byte', ['0', 'changed 1', '2']),
        ('document-chunk', 'a changed byte in the last', ['0', '1', 'changed 2']),
        ('document-chunk', 'the last one cut short', ['0', '1', 'cut 2']),
        ('document-chunk', 'one cut short', ['0', 'cut 1', '2']),
        ('document-chunk', 'one of another document', ['0', 'foreign 1', '2']),
    ):
        expect(None if code == 'ok' else code, sealed.open_document, [kinds[kind] for kind in order], about, CTX)
        made.append({'name': name, 'code': code, 'boxes': order, 'described': about, 'sender': 'Ann'})
    for code, name, change in (
        ('document-hash', 'another hash', {'hash': '00' * 32}),
        ('document-hash', 'stated shorter, of the same step', {'size': 149999}),
        ('document-hash', 'stated longer, of the same step', {'size': 150001}),
        ('document-chunk', 'stated longer by a step', {'size': 170000}),
        ('document-chunk', 'stated shorter by a chunk', {'size': 131072}),
        ('document-chunk', 'another key', {'key': fixed('another document key').hex()}),
    ):
        expect(code, sealed.open_document, boxes, {**about, **change}, CTX)
        made.append({'name': name, 'code': code, 'boxes': ['0', '1', '2'], 'described': {**about, **change}, 'sender': 'Ann'})
    expect('document-chunk', sealed.open_document, boxes, about, [*CTX[:3], BOB.sign])
    made.append({'name': 'by another sender', 'code': 'document-chunk', 'boxes': ['0', '1', '2'], 'described': about, 'sender': 'Bob'})
    return made


def _parts() -> tuple:
    name = sealed.document_keys(fixed('part key'), CTX)[1]

    def one(person: Person = ANN, first: int = 0, data: bytes = bytes(272), **changes: object) -> tuple:
        leaf = sealed.part(person.seed, LEDGER, changes.pop('transaction', TRANSACTION), name, first, data, nonce('part'), TIME, **changes)
        return leaf, data

    good, refused, foreign = [], [], []
    for what, first, data in (
        ('one short box', 0, bytes(272)),
        ('one whole box', 0, bytes(BOX)),
        ('a whole and a short one', 5, bytes(BOX + 17)),
        ('the last chunk of all', 65535, bytes(17)),
    ):
        leaf, _ = one(first=first, data=data)
        sealed.read_part(envelope.parse_leaf(leaf.bytes))
        good.append({'name': what, 'first': first, 'document': name.hex(), 'count': -(-len(data) // BOX), 'leaf': leaf.bytes.hex(), 'data': packed(data), 'nonce': nonce('part').hex(), 'time': TIME})
    for code, what, (leaf, data) in (
        ('document-members', 'document missing', one(body={'document': ...})),
        ('document-members', 'first missing', one(body={'first': ...})),
        ('document-members', 'surplus', one(body={'last': True})),
        ('document-value', 'document too short', one(body={'document': '00'})),
        ('document-value', 'first below 0', one(first=-1)),
        ('document-value', 'first as a text', one(body={'first': '0'})),
        ('document-value', 'first beyond the last', one(first=65536)),
        ('document-size', 'no data', one(data=b'')),
        ('document-size', 'an authenticator alone', one(data=bytes(16))),
        ('document-size', 'a box and an authenticator', one(data=bytes(BOX + 16))),
        ('document-size', 'beyond the last chunk', one(first=65535, data=bytes(BOX + 17))),
        ('document-tag', 'no tags', one(tags=[])),
        ('document-tag', 'the tag of the transaction alone', one(tags=[channel.transaction_tag(LEDGER, TRANSACTION)])),
    ):
        expect(code, sealed.read_part, envelope.parse_leaf(leaf.bytes))
        refused.append({'name': what, 'code': code, 'leaf': leaf.bytes.hex(), 'data': packed(data)})
    for code, what, (leaf, data) in (
        ('ok', 'a part of it', one()),
        ('document-sender', 'sent by another', one(person=BOB)),
        ('document-tag', 'of another transaction', one(transaction=OTHER_TRANSACTION)),
    ):
        foreign.append({'name': what, 'code': code, 'leaf': leaf.bytes.hex(), 'data': packed(data)})
    return name, good, refused, foreign


def vectors() -> dict:
    name, good, refused, foreign = _parts()
    people = [person.shown() for person in (ANN, BOB)]
    return {
        'spec': 'docs/spec/channels.md',
        'ledger': LEDGER.hex(),
        'transaction': TRANSACTION.hex(),
        'channel': CHANNEL.hex(),
        'people': people,
        'documents': _documents(),
        'judged': _refused(),
        'partName': name.hex(),
        'parts': good,
        'refusedParts': refused,
        'partsOf': foreign,
    }
