"""receipts.json: what the owner of a file record keeps and hands to others."""

from __future__ import annotations

import copy

from countersign import canonical, envelope, note, promise, receipt
from countersign.common import NONE_HEIGHT, b64, sha256
from countersign.ledger import Author, Ledger
from countersign.tagindex import NO_OWN, Entry

from ._render import expect, fixed, packed, shown, sweep

FILE, SALT = b'the file', fixed('receipts salt')
MADE, OTHER = Ledger(fixed, 'receipts'), Ledger(fixed, 'other receipts')
AUTHOR = Author(fixed, 'receipts author', MADE.id)
EXTRA = (fixed('receipts tag a'), fixed('receipts tag b'))


def record(salt: bytes | None, tags: tuple = (), data: bytes = b'', method: str = '', **changes: object) -> tuple:
    value = envelope.record_value(FILE, salt)
    body = {'method': method or ('public' if salt is None else 'salted'), 'value': value.hex()}
    tags = [envelope.record_tag(value), *tags]
    head = AUTHOR.head(body, tags, **changes)
    return envelope.compose(AUTHOR.seed, envelope.RECORD_TYPE, head, data), data


LABELS = b'{"matter":"2026-117","v":1}'
NOTE = AUTHOR.write({'n': 1}, [EXTRA[0]])
SALTED, PUBLIC, AGAIN = record(SALT), record(None, EXTRA, LABELS), record(None)
UNTAGGED = AUTHOR.write({'method': 'public', 'value': envelope.record_value(FILE, None).hex()}, [], b'', envelope.RECORD_TYPE)
NEWER = record(None, v=2)
WRONG = AUTHOR.write({'method': 'public'}, [], b'', envelope.RECORD_TYPE)
WAITING = record(fixed('receipts other salt'))
MADE.seal([NOTE, SALTED, PUBLIC, AGAIN], 1700000100)
MADE.seal([AUTHOR.write({'n': 2})], 1700000200)
MADE.seal([UNTAGGED, NEWER, WRONG], 1700000300)
OTHER.seal([Author(fixed, 'other receipts author', OTHER.id).write({'n': 3})], 1700000100)


def place(height: int, index: int, message: tuple, size: int | None = None, of: Ledger = MADE) -> dict:
    path = {name: part for name, part in of.message(height, index).items() if name != 'leaf'}
    tags = [{'list': of.indices(height, tag), 'presence': of.presence(height, tag)} for tag in message[0].tags]
    checkpoint = of.checkpoint(size).decode()
    return {'block': of.block(height, size), 'checkpoint': checkpoint, 'message': path, 'tags': tags}


def promised(message: tuple, ledger: bytes = MADE.id, key: note.Signer = MADE.promiser) -> str:
    text = promise.text_of(ledger, message[0].id, 1, 40, 1700000130)
    return note.sign(text, key.line(text)).decode()


def members(message: tuple, salt: bytes | None = None, **more: object) -> dict:
    file = {'hash': sha256(FILE).hex(), 'name': 'contract.pdf', 'size': len(FILE)}
    if salt is not None:
        file['salt'] = salt.hex()
    founding, leaf = b64(MADE.headers[0]), b64(message[0].bytes)
    return {'file': file, 'founding': founding, 'leaf': leaf, 'ledger': MADE.id.hex(), **more}


FULL = members(SALTED, SALT, place=place(1, 1, SALTED), promise=promised(SALTED))
TAGGED = members(PUBLIC, place=place(1, 2, PUBLIC))


def edited(made: dict, edit) -> bytes:
    changed = copy.deepcopy(made)
    edit(changed)
    return receipt.compose(changed)


def put(*keys_and_value: object):
    """An edit that sets what the keys lead to."""
    *keys, last, value = keys_and_value

    def edit(part: dict) -> None:
        for key in keys:
            part = part[key]
        part[last] = value

    return edit


def drop(*keys: object):
    *before, last = keys

    def edit(part: dict) -> None:
        for key in before:
            part = part[key]
        del part[last]

    return edit


def _receipts() -> list:
    cases = []
    for name, made in (
        ('a salted record, with everything', FULL),
        ('a public record with labels, under more tags', TAGGED),
        ('a public record whose tag is carried by two messages', members(AGAIN, place=place(1, 3, AGAIN))),
        ('under an earlier head', members(SALTED, SALT, place=place(1, 1, SALTED, 2))),
        ('in no block yet', members(WAITING, fixed('receipts other salt'), promise=promised(WAITING))),
        ('neither promised nor in a block', members(SALTED, SALT)),
        ('a long name, and a huge file', edited_file(name='\U0001f4c4' * 255, size=2**53 - 1)),
    ):
        data = receipt.compose(made)
        found = receipt.judge(data, MADE.id)
        assert found['hash'] == sha256(FILE)
        case = {'name': name, 'receipt': shown(data), 'message': found['message'].hex(), 'method': found['method']}
        places = {key: found[key] for key in ('height', 'index', 'time', 'size') if key in found}
        cases.append({**case, **({'place': places} if places else {}), 'promised': 'promise' in made})
    return cases


def edited_file(**changes: object) -> dict:
    made = copy.deepcopy(members(SALTED, SALT))
    made['file'].update(changes)
    return made


def _form() -> list:
    """What is refused for its form."""
    made = [('json-too-long', 'too long', b' ' * (receipt.MAX_RECEIPT + 1)), ('json-syntax', 'empty', b'')]
    made += [('receipt-format', 'no object', b'[]'), ('receipt-format', 'no members', b'{}')]
    whole = receipt.compose(FULL)
    made.append(('json-syntax', 'a line end after it', whole + b'\n'))
    for path in (
        ('file',), ('founding',), ('leaf',), ('ledger',), ('receipt',), ('file', 'hash'), ('file', 'name'),
        ('file', 'size'), ('place', 'block'), ('place', 'checkpoint'), ('place', 'message'), ('place', 'tags'),
        ('place', 'block', 'header'), ('place', 'block', 'height'), ('place', 'block', 'path'),
        ('place', 'message', 'index'), ('place', 'message', 'path'), ('place', 'tags', 0, 'list'),
        ('place', 'tags', 0, 'presence'), ('place', 'tags', 0, 'presence', 'leaf'),
    ):  # fmt: skip
        start = {'receipt': receipt.FORMAT, **FULL}
        changed = copy.deepcopy(start)
        drop(*path)(changed)
        made.append(('receipt-format', 'without ' + ' '.join(map(str, path)), canonical.write(changed)))
    for name, edit in (
        ('another format', put('receipt', 'countersign/receipt/v2')),
        ('a member more', put('more', 1)),
        ('a member more in the file', put('file', 'more', 1)),
        ('a member more in the place', put('place', 'more', 1)),
        ('a leaf in the message of the place', put('place', 'message', 'leaf', '')),
        ('no place', put('place', None)),
        ('a promise that is no text', put('promise', 1)),
        ('a ledger in upper case', put('ledger', MADE.id.hex().upper())),
        ('a hash that is too short', put('file', 'hash', '00')),
        ('a salt that is too long', put('file', 'salt', SALT.hex() + '00')),
        ('an empty name', put('file', 'name', '')),
        ('a name of 256 characters', put('file', 'name', 'x' * 256)),
        ('a name with a line break', put('file', 'name', 'a\nb')),
        ('a name that turns the direction', put('file', 'name', 'a\u202egpj.exe')),
        ('a negative size', put('file', 'size', -1)),
        ('a founding that is no base64', put('founding', 'x')),
        ('a founding that is too long', put('founding', b64(bytes(65536)))),
        ('a leaf that is too long', put('leaf', b64(bytes(envelope.MAX_LEAF + 1)))),
        ('a leaf with bits left over', put('leaf', 'AB==')),
        ('a checkpoint that is no text', put('place', 'checkpoint', [])),
        ('an index of 2^32', put('place', 'message', 'index', 2**32)),
        ('a path of 65 hashes', put('place', 'message', 'path', ['00' * 32] * 65)),
        ('a path with a short hash', put('place', 'block', 'path', ['00'])),
        ('a list that is too long', put('place', 'tags', 0, 'list', b64(bytes(262145)))),
        ('ten tags', put('place', 'tags', FULL['place']['tags'][:1] * 10)),
        ('tags that are no array', put('place', 'tags', {})),
    ):
        made.append(('receipt-format', name, edited(FULL, edit)))
    return made


def _judged() -> list:
    """What is refused for what it says."""
    other_salt = fixed('receipts other salt')
    other_key = note.Signer(MADE.promiser.name, note.LOG, fixed('receipts other key'))
    forged = note.checkpoint_text(MADE.log.name, 4, MADE.tree().root())
    extended = note.checkpoint_text(MADE.log.name, 4, MADE.tree().root(), ('more',))
    broken = bytearray(SALTED[0].bytes)
    broken[-1] ^= 1
    signed_note = {**members(NOTE), 'place': place(1, 0, NOTE)}
    block = MADE.block(2)
    last = len(FULL['place']['tags']) - 1
    own = next(at for at, tag in enumerate(SALTED[0].tags) if tag == SALTED[0].id)
    public = next(at for at, tag in enumerate(PUBLIC[0].tags) if tag == EXTRA[0])
    swapped = FULL['place']['tags'][::-1]
    return [
        ('receipt-ledger', 'another ledger', edited(FULL, put('ledger', OTHER.id.hex()))),
        ('receipt-founding', 'the founding header of another ledger', edited(FULL, put('founding', b64(OTHER.headers[0])))),
        ('receipt-founding', 'no founding header', edited(FULL, put('founding', ''))),
        ('receipt-founding', 'a later header', edited(FULL, put('founding', b64(MADE.headers[1])))),
        ('receipt-message', 'no leaf', edited(FULL, put('leaf', ''))),
        ('receipt-message', 'a changed signature', edited(FULL, put('leaf', b64(bytes(broken))))),
        ('receipt-message', 'a message of another ledger', edited(FULL, put('leaf', b64(OTHER.leaves[1][0])))),
        ('receipt-record', 'another message', receipt.compose(signed_note)),
        ('receipt-record', 'a record without its tag', receipt.compose(members(UNTAGGED, place=place(3, 0, UNTAGGED)))),
        ('receipt-record', 'a record of a later version', receipt.compose(members(NEWER, place=place(3, 1, NEWER)))),
        ('receipt-record', 'a record without a value', receipt.compose(members(WRONG, place=place(3, 2, WRONG)))),
        ('receipt-value', 'a salted record without its salt', edited(FULL, drop('file', 'salt'))),
        ('receipt-value', 'a public record with a salt', edited(TAGGED, put('file', 'salt', SALT.hex()))),
        ('receipt-value', 'another salt', edited(FULL, put('file', 'salt', other_salt.hex()))),
        ('receipt-value', 'another file', edited(FULL, put('file', 'hash', sha256(b'another').hex()))),
        ('receipt-value', 'another file, of a public record', edited(TAGGED, put('file', 'hash', sha256(b'another').hex()))),
        ('receipt-promise', 'no promise', edited(FULL, put('promise', ''))),
        ('receipt-promise', 'a promise by another key', edited(FULL, put('promise', promised(SALTED, key=other_key)))),
        ('receipt-promise', 'a promise about another message', edited(FULL, put('promise', promised(PUBLIC)))),
        ('receipt-promise', 'a promise for another ledger', edited(FULL, put('promise', promised(SALTED, OTHER.id)))),
        ('receipt-checkpoint', 'no checkpoint', edited(FULL, put('place', 'checkpoint', ''))),
        ('receipt-checkpoint', 'a checkpoint by the promise key', edited(FULL, put('place', 'checkpoint', note.sign(forged, MADE.promiser.line(forged)).decode()))),
        ('receipt-checkpoint', 'a checkpoint with an extension', edited(FULL, put('place', 'checkpoint', note.sign(extended, MADE.log.line(extended)).decode()))),
        ('receipt-checkpoint', 'a checkpoint of another ledger', edited(FULL, put('place', 'checkpoint', OTHER.checkpoint().decode()))),
        ('receipt-block', 'a block that is not under the head', edited(FULL, put('place', 'block', OTHER.block(1)))),
        ('receipt-block', 'another height', edited(FULL, put('place', 'block', 'height', 2))),
        ('receipt-block', 'a height beyond the head', edited(FULL, put('place', 'block', 'height', 4))),
        ('receipt-block', 'the path of another head', edited(FULL, put('place', 'block', 'path', MADE.block(1, 2)['path']))),
        ('receipt-inclusion', 'another block', edited(FULL, put('place', 'block', block))),
        ('receipt-inclusion', 'the founding block', edited(FULL, put('place', 'block', MADE.block(0)))),
        ('receipt-inclusion', 'another index', edited(FULL, put('place', 'message', 'index', 2))),
        ('receipt-inclusion', 'an index beyond the block', edited(FULL, put('place', 'message', 'index', 4))),
        ('receipt-inclusion', 'a path that is too short', edited(FULL, put('place', 'message', 'path', []))),
        ('receipt-tags', 'no tags', edited(FULL, put('place', 'tags', []))),
        ('receipt-tags', 'a tag fewer', edited(FULL, drop('place', 'tags', last))),
        ('receipt-tags', 'a tag more', edited(FULL, put('place', 'tags', [*FULL['place']['tags'], FULL['place']['tags'][0]]))),
        ('receipt-tags', 'tags in another order', edited(FULL, put('place', 'tags', swapped))),
        ('receipt-tags', 'a leaf at another position', edited(FULL, put('place', 'tags', 0, 'presence', 'index', 0 if FULL['place']['tags'][0]['presence']['index'] else 1))),
        ('receipt-tags', 'the leaf of another tag', edited(FULL, put('place', 'tags', own, TAGGED['place']['tags'][public]))),
        ('receipt-tags', 'another list', edited(TAGGED, put('place', 'tags', public, 'list', b64(bytes(4))))),
        ('receipt-tags', 'an empty list', edited(TAGGED, put('place', 'tags', public, 'list', ''))),
    ]  # fmt: skip


def _lying() -> list:
    """The operator's index says something else about the message than its block does."""
    cases = []
    for name, of_id, indices, own in (
        ('the list of its tag holds another message only', False, [0], NO_OWN),
        ('the own index of its id is that of another message', True, [0, 1], 0),
    ):
        made = Ledger(fixed, 'receipts ' + name)
        author, value = Author(fixed, 'receipts lying author', made.id), envelope.record_value(FILE, SALT)
        tag = envelope.record_tag(value)
        head = author.head({'method': 'salted', 'value': value.hex()}, [tag])
        leaf = envelope.compose(author.seed, envelope.RECORD_TYPE, head)
        lie = Entry(leaf.id if of_id else tag, NONE_HEIGHT, len(indices), indices, own)

        def put_lie(index: list, lie: Entry = lie) -> list:
            return [lie.bytes if raw[:32] == lie.tag else raw for raw in index]

        made.seal([author.write({'n': 1}), (leaf, b'')], 1700000100, edit_index=put_lie)
        made.keep_lists([lie])
        parts = {
            'file': {'hash': sha256(FILE).hex(), 'name': 'contract.pdf', 'salt': SALT.hex(), 'size': len(FILE)},
            'founding': b64(made.headers[0]),
            'leaf': b64(leaf.bytes),
            'ledger': made.id.hex(),
            'place': place(1, 1, (leaf, b''), None, made),
        }
        data = receipt.compose(parts)
        expect('receipt-tags', receipt.judge, data, made.id)
        cases.append({'name': name, 'code': 'receipt-tags', 'ledger': made.id.hex(), 'receipt': shown(data)})
    return cases


def vectors() -> dict:
    refused = []
    for code, name, data in [*_form(), *_judged()]:
        expect(code, receipt.judge, data, MADE.id)
        short = {'bytes': packed(data)} if set(data) <= {0x20} else shown(data)
        refused.append({'name': name, 'code': code, 'receipt': short})
    changed = receipt.compose(members(SALTED, SALT))
    runs = sweep(changed, lambda data: receipt.judge(data, MADE.id), (0x01,), ok=True)
    return {
        'spec': 'docs/spec/receipt.md',
        'ledger': MADE.id.hex(),
        'file': FILE.hex(),
        'receipts': _receipts(),
        'refused': refused,
        'lying': _lying(),
        'changed': [{'receipt': shown(changed), 'sweep': runs}],
    }
