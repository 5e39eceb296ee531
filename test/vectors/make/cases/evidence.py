"""evidence.json: evidence of each kind of operator lie, and files that prove nothing."""

from __future__ import annotations

import copy

from countersign import canonical, evidence, note, tagindex
from countersign.common import b64
from countersign.ledger import Ledger

from . import _lies
from ._lies import OTHER, SPARE, TAG
from ._render import expect, fixed


class Files:
    """Collects files. A refused file is a proven one with one value replaced, or a file of its own."""

    def __init__(self):
        self.proven, self.refused, self.files = [], [], {}

    def prove(self, name: str, ledger: Ledger, kind: str, proof: dict, checkpoint: str | None = None) -> None:
        file = self._file(ledger, kind, proof, checkpoint)
        assert evidence.judge(canonical.write(file), ledger.id) == kind
        self.files[name] = (file, ledger)
        self.proven.append(
            {'name': name, 'kind': kind, 'ledger': ledger.id.hex(), 'file': canonical.write(file).decode()}
        )

    def refuse(self, code: str, name: str, of: str, where: tuple, value: object = ...) -> None:
        """`where` leads to the member or item that becomes `value`, or is removed when there is none."""
        file, ledger = self.files[of]
        changed = replaced(file, where, value)
        expect(code, evidence.judge, canonical.write(changed), ledger.id)
        case = {'name': f'{of}: {name}', 'code': code, 'of': of, 'where': list(where)}
        if value is not ...:
            case['value'] = value
        self.refused.append(case)

    def refuse_file(
        self, code: str, name: str, ledger: Ledger, kind: str, proof: dict, checkpoint: str | None = None
    ) -> None:
        file = self._file(ledger, kind, proof, checkpoint)
        for of, (known, _) in self.files.items():
            if all(known[member] == file[member] for member in file if member != 'proof'):
                self.refuse(code, name, of, ('proof',), proof)
                return
        self.refuse_bytes(code, f'{kind}: {name}', ledger, canonical.write(file))

    def refuse_bytes(self, code: str, name: str, ledger: Ledger, data: bytes) -> None:
        expect(code, evidence.judge, data, ledger.id)
        self.refused.append({'name': name, 'code': code, 'ledger': ledger.id.hex(), 'file': data.decode()})

    def _file(self, ledger: Ledger, kind: str, proof: dict, checkpoint: str | None) -> dict:
        return {
            'checkpoint': ledger.checkpoint().decode() if checkpoint is None else checkpoint,
            'evidence': evidence.FORMAT,
            'founding': b64(ledger.headers[0]),
            'kind': kind,
            'ledger': ledger.id.hex(),
            'proof': proof,
        }


def replaced(value: object, where: tuple, new: object) -> object:
    made = copy.deepcopy(value)
    inner = made
    for step in where[:-1]:
        inner = inner[step]
    if new is ...:
        del inner[where[-1]]
    else:
        inner[where[-1]] = new
    return made


def changed_hash(path: list) -> list:
    return ['00' * 32, *path[1:]]


def _heads(files: Files) -> None:
    forks = _lies.Forks()
    one, two = forks.one, forks.two
    kind = 'heads-inconsistent'
    same = {'other': two.checkpoint(6).decode()}
    files.prove('equal sizes', one, kind, same, one.checkpoint(6).decode())
    pairs = ((6, 8), (4, 7), (5, 6), (4, 8))
    for small, large in pairs:
        proof = {'other': two.checkpoint(small).decode(), 'prefix': forks.prefix(one, small, large)}
        files.prove(f'sizes {large} and {small}', one, kind, proof, one.checkpoint(large).decode())
    proof = {'other': two.checkpoint(8).decode(), 'prefix': forks.prefix(two, 6, 8)}
    files.prove('the other is larger', one, kind, proof, one.checkpoint(6).decode())
    empty = {'other': forks.signed(0, bytes(32)), 'prefix': forks.prefix(one, 0, 3)}
    files.prove('a false empty tree', one, kind, empty, one.checkpoint(3).decode())
    first = {'other': forks.signed(1, bytes(32)), 'prefix': forks.prefix(one, 1, 3)}
    files.prove('a false tree of one', one, kind, first, one.checkpoint(3).decode())
    zero = {'other': forks.signed(0, bytes(32))}
    files.prove('two empty trees', one, kind, zero, forks.signed(0, b'\x01' * 32))

    name, other = 'sizes 8 and 6', ('proof', 'other')
    files.refuse('evidence-no-lie', 'heads that agree', name, other, one.checkpoint(6).decode())
    files.refuse('evidence-no-lie', 'the same head', 'equal sizes', other, one.checkpoint(6).decode())
    files.refuse('evidence-proof', 'no prefix', name, ('proof', 'prefix'))
    files.refuse('evidence-proof', 'prefix where sizes are equal', 'equal sizes', ('proof', 'prefix'), [])
    files.refuse('evidence-proof', 'prefix null', 'equal sizes', ('proof', 'prefix'), None)
    prefix = files.files[name][0]['proof']['prefix']
    files.refuse('evidence-proof', 'prefix with a hash fewer', name, ('proof', 'prefix'), prefix[:-1])
    files.refuse('evidence-proof', 'prefix with a hash more', name, ('proof', 'prefix'), [*prefix, '00' * 32])
    files.refuse(
        'evidence-proof', 'prefix with another hash', name, ('proof', 'prefix'), changed_hash(prefix)
    )
    files.refuse(
        'evidence-proof', 'prefix of the other log', name, ('proof', 'prefix'), forks.prefix(two, 6, 8)
    )
    files.refuse('evidence-proof', 'prefix with a short hash', name, ('proof', 'prefix', 0), '00' * 31)
    files.refuse('evidence-proof', 'prefix as text', name, ('proof', 'prefix'), '')
    files.refuse('evidence-proof', 'other head by another key', name, other, _by_another(two, 6))
    files.refuse(
        'evidence-proof',
        'other head of another origin',
        name,
        other,
        forks.signed(6, bytes(32), 'log.example/x'),
    )
    more, roots = ('more',), (one.tree(6).root(), two.tree(6).root())
    extended = [forks.signed(6, root, None, more) for root in roots]
    first = one.checkpoint(6).decode()
    files.prove('the other has an extension line', one, kind, {'other': extended[1]}, first)
    files.prove('the head has an extension line', one, kind, {'other': first}, extended[1])
    longer = {'other': extended[1], 'prefix': prefix}
    eight = forks.signed(8, one.tree(8).root(), None, ('one', 'two'))
    files.prove('both have extension lines', one, kind, longer, eight)
    files.refuse_file(
        'evidence-no-lie',
        'one head with and without an extension line',
        one,
        kind,
        {'other': extended[0]},
        first,
    )
    _extended(files, one, forks)
    files.refuse(
        'evidence-proof',
        'other head changed',
        name,
        other,
        two.checkpoint(6).decode().replace('\n6\n', '\n5\n'),
    )
    files.refuse('evidence-proof', 'other head null', name, other, None)
    files.refuse('evidence-proof', 'other head missing', name, other)
    files.refuse('evidence-proof', 'surplus member', name, ('proof', 'extra'), 1)


def _extended(files: Files, ledger: Ledger, forks: _lies.Forks) -> None:
    kind, root = 'checkpoint-extended', ledger.tree(6).root()
    for name, lines in (('one line', ('more',)), ('two lines', ('one', 'two')), ('a space', (' ',))):
        files.prove('extended: ' + name, ledger, kind, {}, forks.signed(6, root, None, lines))
    name, where = 'extended: one line', ('checkpoint',)
    files.refuse('evidence-no-lie', 'no line', name, where, ledger.checkpoint(6).decode())
    empty = forks.signed(6, root, None, ('more',)).replace('more\n', 'more\n\n', 1)
    files.refuse('evidence-checkpoint', 'an empty line', name, where, empty)
    elsewhere = forks.signed(6, root, 'log.example/x', ('more',))
    files.refuse('evidence-checkpoint', 'another origin', name, where, elsewhere)
    text = note.checkpoint_text(ledger.log.name, 6, root, ('more',))
    by_promise = note.sign(text, ledger.promiser.line(text)).decode()
    files.refuse('evidence-checkpoint', 'signed by the promise key', name, where, by_promise)
    files.refuse('evidence-proof', 'surplus member', name, ('proof', 'other'), '')


def _by_another(ledger: Ledger, size: int) -> str:
    signer = note.Signer(ledger.log.name, note.LOG, fixed('evidence another key'))
    text = note.checkpoint_text(ledger.log.name, size, ledger.tree(size).root())
    return note.sign(text, signer.line(text)).decode()


def _file_form(files: Files) -> None:
    name = 'sizes 8 and 6'
    file, ledger = files.files[name]
    other = files.files['garbage in the place of a header'][1]
    data = canonical.write(file)
    for member in sorted(file):
        files.refuse('evidence-format', member + ' missing', name, (member,))
    files.refuse('evidence-format', 'surplus member', name, ('time',), 5)
    files.refuse('evidence-format', 'another format name', name, ('evidence',), 'countersign/evidence/v2')
    files.refuse('evidence-format', 'unknown kind', name, ('kind',), 'heads-odd')
    files.refuse('evidence-format', 'kind of an inherited member', name, ('kind',), 'constructor')
    files.refuse('evidence-format', 'kind null', name, ('kind',), None)
    files.refuse('evidence-format', 'proof as an array', name, ('proof',), [])
    files.refuse('evidence-format', 'proof null', name, ('proof',), None)
    files.refuse('evidence-format', 'founding that is no base64', name, ('founding',), '***')
    files.refuse('evidence-format', 'founding null', name, ('founding',), None)
    files.refuse('evidence-format', 'ledger too short', name, ('ledger',), '00' * 31)
    files.refuse('evidence-format', 'ledger in upper case', name, ('ledger',), 'AB' * 32)
    files.refuse('evidence-format', 'checkpoint as a number', name, ('checkpoint',), 1)
    files.refuse_bytes('evidence-format', 'an array', ledger, b'[]')
    files.refuse_bytes('json-syntax', 'white space after the file', ledger, data + b'\n')
    files.refuse_bytes('json-unsorted', 'members out of order', ledger, b'{"kind":"","evidence":""}')
    files.refuse('evidence-ledger', 'another ledger', name, ('ledger',), other.id.hex())
    files.refuse_bytes(
        'evidence-ledger',
        'a file about another ledger',
        ledger,
        canonical.write(files.files['garbage in the place of a header'][0]),
    )
    files.refuse(
        'evidence-founding', 'founding of another ledger', name, ('founding',), b64(other.headers[0])
    )
    files.refuse('evidence-founding', 'founding of nothing', name, ('founding',), '')
    files.refuse('evidence-founding', 'header of block 1', name, ('founding',), b64(ledger.headers[1]))
    files.refuse('evidence-checkpoint', 'checkpoint of nothing', name, ('checkpoint',), '')
    files.refuse(
        'evidence-checkpoint', 'checkpoint by another key', name, ('checkpoint',), _by_another(ledger, 8)
    )
    files.refuse(
        'evidence-checkpoint',
        'checkpoint of another ledger',
        name,
        ('checkpoint',),
        other.checkpoint().decode(),
    )
    text = note.checkpoint_text(ledger.log.name, 8, ledger.tree(8).root(), ('more',))
    text_of_other = note.checkpoint_text(other.log.name, len(other.headers), other.tree().root(), ('more',))
    files.refuse(
        'evidence-checkpoint',
        'checkpoint with an extension line',
        'garbage in the place of a header',
        ('checkpoint',),
        note.sign(text_of_other, other.log.line(text_of_other)).decode(),
    )
    files.refuse(
        'evidence-checkpoint',
        'checkpoint changed',
        name,
        ('checkpoint',),
        file['checkpoint'].replace('\n8\n', '\n9\n'),
    )
    promised = note.sign(text, ledger.promiser.line(text)).decode()
    files.refuse('evidence-checkpoint', 'checkpoint by the promise key', name, ('checkpoint',), promised)
    wrong = {**file, 'founding': '', 'checkpoint': ''}
    files.refuse_bytes(
        'evidence-founding', 'founding and checkpoint of nothing', ledger, canonical.write(wrong)
    )


def _not_founding(files: Files) -> None:
    """A ledger id that is the hash of something that is no founding header."""
    ledger = files.files['sizes 8 and 6'][1]
    for what, founding in (('a text', b'no header'), ('a header of height 1', ledger.headers[1])):
        file = copy.deepcopy(files.files['sizes 8 and 6'][0])
        file['founding'] = b64(founding)
        file['ledger'] = _lies.sha256(founding).hex()
        fake = Ledger(fixed, 'not founding')
        fake.headers = [founding]
        files.refuse_bytes(
            'evidence-founding', f'the ledger id is the hash of {what}', fake, canonical.write(file)
        )


def _headers(files: Files, lies: _lies.Lies) -> None:
    ledger, at, kind = lies.ledger, lies.at, 'header-invalid'
    for name, where in (
        ('garbage in the place of a header', 'no-header'),
        ('a header of another height', 'other-height'),
        ('a header of another ledger', 'other-ledger'),
        ('a block without tags', 'empty'),
        ('the founding header again', 'second-founding'),
    ):
        files.prove(name, ledger, kind, {'block': ledger.block(at[where])})
    other = Ledger(fixed, 'evidence other first')
    text = note.checkpoint_text(ledger.log.name, 1, other.tree().root())
    stolen = note.sign(text, ledger.log.line(text)).decode()
    files.prove('another founding header at 0', ledger, kind, {'block': other.block(0)}, stolen)
    name = 'garbage in the place of a header'
    files.refuse('evidence-no-lie', 'a valid header', name, ('proof', 'block'), ledger.block(at['last']))
    files.refuse('evidence-no-lie', 'the founding header', name, ('proof', 'block'), ledger.block(0))
    files.refuse(
        'evidence-no-lie', 'a header that is not linked', name, ('proof', 'block'), ledger.block(at['time'])
    )
    _block_cases(files, name, ('proof', 'block'))

    kind = 'chain-broken'
    for name, where in (('time', 'time'), ('previous', 'previous'), ('limits', 'limits')):
        proof = {'lower': ledger.block(at[where] - 1), 'upper': ledger.block(at[where])}
        files.prove('chain: ' + name, ledger, kind, proof)
    name = 'chain: time'
    first, second = ledger.block(at['first']), ledger.block(at['second'])
    files.refuse('evidence-no-lie', 'linked headers', name, ('proof',), {'lower': first, 'upper': second})
    files.refuse(
        'evidence-no-lie', 'founding and 1', name, ('proof',), {'lower': ledger.block(0), 'upper': first}
    )
    files.refuse('evidence-proof', 'exchanged', name, ('proof',), {'lower': second, 'upper': first})
    files.refuse('evidence-proof', 'the same block', name, ('proof',), {'lower': first, 'upper': first})
    files.refuse(
        'evidence-proof', 'a block left out', name, ('proof',), {'lower': ledger.block(0), 'upper': second}
    )
    garbage = ledger.block(at['no-header'])
    below, above = ledger.block(at['no-header'] - 1), ledger.block(at['no-header'] + 1)
    files.refuse('evidence-proof', 'upper is no header', name, ('proof',), {'lower': below, 'upper': garbage})
    files.refuse('evidence-proof', 'lower is no header', name, ('proof',), {'lower': garbage, 'upper': above})
    foreign = {'lower': ledger.block(at['other-ledger'] - 1), 'upper': ledger.block(at['other-ledger'])}
    files.refuse('evidence-proof', 'upper of another ledger', name, ('proof',), foreign)
    _block_cases(files, name, ('proof', 'lower'))


def _block_cases(files: Files, name: str, where: tuple) -> None:
    """What is wrong with a block proof itself."""
    value = files.files[name][0]
    for step in where:
        value = value[step]
    for code, what, member, new in (
        ('evidence-proof', 'path with a hash fewer', 'path', value['path'][:-1]),
        ('evidence-proof', 'path with a hash more', 'path', [*value['path'], '00' * 32]),
        ('evidence-proof', 'path with another hash', 'path', changed_hash(value['path'])),
        ('evidence-proof', 'path with a short hash', 'path', ['00', *value['path'][1:]]),
        ('evidence-proof', 'path null', 'path', None),
        ('evidence-proof', 'another height', 'height', value['height'] ^ 1),
        ('evidence-proof', 'height outside the tree', 'height', 5000),
        ('evidence-proof', 'height as a text', 'height', str(value['height'])),
        ('evidence-proof', 'height below 0', 'height', -1),
        ('evidence-proof', 'header that is no base64', 'header', value['header'][:-1]),
        ('evidence-proof', 'another header', 'header', b64(b'other')),
        ('evidence-proof', 'header missing', 'header', ...),
        ('evidence-proof', 'surplus member', 'leaf', ''),
    ):
        files.refuse(code, f'{where[-1]}: {what}', name, (*where, member), new)
    files.refuse('evidence-proof', f'{where[-1]} null', name, where, None)
    files.refuse('evidence-proof', f'{where[-1]} missing', name, where)


def _messages(files: Files, lies: _lies.Lies) -> None:
    ledger, at, kind = lies.ledger, lies.at, 'message-invalid'
    block = ledger.block(at['messages'])
    for index, what in enumerate(
        (
            'a leaf that is none',
            'a wrong signature',
            'another ledger',
            'tags out of order',
            'a long head',
            'much data',
        ),
        1,
    ):
        files.prove(
            'message: ' + what,
            ledger,
            kind,
            {'block': block, 'message': ledger.message(at['messages'], index)},
        )
    name = 'message: a wrong signature'
    files.refuse(
        'evidence-no-lie', 'a good message', name, ('proof', 'message'), ledger.message(at['messages'], 0)
    )
    message = ('proof', 'message')
    value = ledger.message(at['messages'], 2)
    files.refuse('evidence-proof', 'another index', name, (*message, 'index'), 3)
    files.refuse('evidence-proof', 'index outside', name, (*message, 'index'), 7)
    files.refuse('evidence-proof', 'another leaf', name, (*message, 'leaf'), b64(b'no message'))
    files.refuse(
        'evidence-proof', 'path with another hash', name, (*message, 'path'), changed_hash(value['path'])
    )
    files.refuse('evidence-proof', 'message of another block', name, message, ledger.message(at['first'], 0))
    files.refuse('evidence-proof', 'message null', name, message, None)
    files.refuse('evidence-proof', 'surplus member', name, (*message, 'data'), '')
    files.refuse('evidence-proof', 'another block', name, ('proof', 'block'), ledger.block(at['last']))
    files.refuse(
        'evidence-proof', 'a block that is no header', name, ('proof', 'block'), ledger.block(at['no-header'])
    )
    files.refuse(
        'evidence-proof',
        'a header of another ledger',
        name,
        ('proof', 'block'),
        ledger.block(at['other-ledger']),
    )

    kind, height = 'message-repeated', at['repeated']
    block, first = ledger.block(height), ledger.block(at['first'])
    one = {'block': block, 'message': ledger.message(height, 0)}
    files.prove('repeated in one block', ledger, kind, {**one, 'again': ledger.message(height, 2)})
    files.prove('repeated with another signature', ledger, kind, {**one, 'again': ledger.message(height, 3)})
    early = {'againBlock': first, 'again': ledger.message(at['first'], 0)}
    late = {'block': block, 'message': ledger.message(height, 4)}
    files.prove('repeated in two blocks', ledger, kind, {**late, **early})
    turned = {'againBlock': block, 'again': late['message'], 'block': first, 'message': early['again']}
    files.prove('repeated in two blocks, the earlier first', ledger, kind, turned)
    name = 'repeated in one block'
    files.refuse('evidence-no-lie', 'the same position', name, ('proof', 'again'), ledger.message(height, 0))
    files.refuse('evidence-no-lie', 'two messages', name, ('proof', 'again'), ledger.message(height, 1))
    files.refuse(
        'evidence-proof', 'message of another block', name, ('proof', 'again'), ledger.message(at['first'], 0)
    )
    files.refuse('evidence-proof', 'no second', name, ('proof', 'again'))
    files.refuse('evidence-proof', 'the same block given again', name, ('proof', 'againBlock'), block)
    name = 'repeated in two blocks'
    files.refuse('evidence-no-lie', 'two messages', name, ('proof', 'again'), ledger.message(at['first'], 1))
    files.refuse('evidence-proof', 'block left out', name, ('proof', 'againBlock'))
    bad = ledger.block(at['messages']), ledger.message(at['messages'], 1)
    twice = {'block': bad[0], 'message': bad[1], 'again': bad[1]}
    files.refuse_file('evidence-proof', 'a leaf that is no message', ledger, kind, twice)


def _tags(files: Files, lies: _lies.Lies) -> None:
    ledger, at, kind = lies.ledger, lies.at, 'tag-missing'
    height = at['missing']
    block, messages = ledger.block(height), lies.written['missing']
    of = [ledger.message(height, index) for index in range(3)]
    ids = [leaf.id for leaf in messages]

    def absent(tag: bytes, index: int) -> dict:
        return {
            'absence': ledger.absence(height, tag),
            'block': block,
            'message': of[index],
            'tag': tag.hex(),
        }

    def present(tag: bytes, index: int) -> dict:
        return {
            'block': block,
            'message': of[index],
            'presence': ledger.presence(height, tag),
            'tag': tag.hex(),
        }

    def listed(tag: bytes, index: int) -> dict:
        return {**present(tag, index), 'indices': ledger.indices(height, tag)}

    files.prove('missing: no leaf of the tag', ledger, kind, absent(OTHER, 1))
    files.prove('missing: no leaf of the id', ledger, kind, absent(ids[2], 2))
    files.prove('missing: not listed', ledger, kind, listed(TAG, 0))
    files.prove('missing: no own index', ledger, kind, present(ids[0], 0))
    files.prove('missing: no own index, with the list', ledger, kind, listed(ids[0], 0))
    own = at['own-later']
    named = lies.written['own-later'][0].id
    later = {
        'block': ledger.block(own),
        'message': ledger.message(own, 0),
        'presence': ledger.presence(own, named),
    }
    files.prove('missing: own index of a later message', ledger, kind, {**later, 'tag': named.hex()})
    files.refuse_file(
        'evidence-no-lie', 'a tag that the message does not carry', ledger, kind, absent(SPARE, 0)
    )
    files.refuse_file('evidence-no-lie', 'listed', ledger, kind, listed(TAG, 1))
    files.refuse_file('evidence-no-lie', 'not listed, and no list', ledger, kind, present(TAG, 0))
    files.refuse_file('evidence-no-lie', 'id with its own index', ledger, kind, present(ids[1], 1))
    files.refuse_file('evidence-no-lie', 'not carried and not listed', ledger, kind, listed(ids[1], 0))
    pointing = {**later, 'message': ledger.message(own, 1), 'tag': named.hex()}
    files.refuse_file(
        'evidence-no-lie', 'the own index is above a message that only names the id', ledger, kind, pointing
    )
    name = 'missing: no leaf of the tag'
    files.refuse('evidence-proof', 'both', name, ('proof', 'presence'), ledger.presence(height, TAG))
    files.refuse('evidence-proof', 'neither', name, ('proof', 'absence'))
    files.refuse('evidence-proof', 'a list', name, ('proof', 'indices'), ledger.indices(height, TAG))
    files.refuse('evidence-proof', 'absence of another tag', name, ('proof', 'tag'), TAG.hex())
    files.refuse('evidence-proof', 'absence of nothing', name, ('proof', 'absence'), {})
    files.refuse('evidence-proof', 'absence null', name, ('proof', 'absence'), None)
    files.refuse('evidence-proof', 'absence with another side', name, ('proof', 'absence', 'middle'), {})
    files.refuse('evidence-proof', 'tag in upper case', name, ('proof', 'tag'), OTHER.hex().upper())
    files.refuse('evidence-proof', 'tag too short', name, ('proof', 'tag'), '00')
    files.refuse(
        'evidence-proof',
        'message of another block',
        name,
        ('proof', 'message'),
        ledger.message(at['first'], 1),
    )
    name = 'missing: not listed'
    files.refuse('evidence-proof', 'another list', name, ('proof', 'indices'), b64(b'\x00\x00\x00\x02'))
    files.refuse('evidence-proof', 'an empty list', name, ('proof', 'indices'), '')
    files.refuse('evidence-proof', 'list null', name, ('proof', 'indices'), None)
    files.refuse('evidence-proof', 'list that is no base64', name, ('proof', 'indices'), '*')
    files.refuse(
        'evidence-proof',
        'presence of another tag',
        name,
        ('proof', 'presence'),
        ledger.presence(height, ids[1]),
    )
    files.refuse(
        'evidence-proof',
        'presence in another block',
        name,
        ('proof', 'presence'),
        ledger.presence(at['first'], TAG),
    )
    files.refuse('evidence-proof', 'presence at another index', name, ('proof', 'presence', 'index'), 3000)
    path = ('proof', 'presence', 'path')
    files.refuse(
        'evidence-proof',
        'presence with another hash',
        name,
        path,
        changed_hash(present(TAG, 0)['presence']['path']),
    )

    kind, height = 'tag-foreign', at['foreign']
    block, far = ledger.block(height), fixed('lies far own')
    honest = lies.written['foreign'][0].id
    owned = ((TAG, 0), (OTHER, 0), (honest, 0), (far, 9))

    def foreign(tag: bytes, listed: int, index: int | None) -> dict:
        proof = {'block': block, 'listed': listed, 'presence': ledger.presence(height, tag)}
        if (tag, listed) not in owned:
            proof['indices'] = ledger.indices(height, tag)
        return proof if index is None else {**proof, 'message': ledger.message(height, index)}

    files.prove('foreign: a message without the tag', ledger, kind, foreign(TAG, 1, 1))
    files.prove('foreign: an index outside the block', ledger, kind, foreign(TAG, 7, None))
    files.prove('foreign: the largest index', ledger, kind, foreign(SPARE, 2**32 - 1, None))
    files.prove('foreign: the own index of another message', ledger, kind, foreign(TAG, 0, 0))
    files.refuse_file('evidence-no-lie', 'an index that is not listed', ledger, kind, foreign(OTHER, 1, 1))
    files.refuse_file(
        'evidence-no-lie', 'an index outside that is not listed', ledger, kind, foreign(TAG, 8, None)
    )
    files.prove('foreign: the own index outside the block', ledger, kind, foreign(far, 9, None))
    files.refuse_file('evidence-no-lie', 'its own tag', ledger, kind, foreign(honest, 0, 0))
    name = 'foreign: a message without the tag'
    files.refuse('evidence-proof', 'another message', name, ('proof', 'message'), ledger.message(height, 0))
    files.refuse('evidence-proof', 'no message', name, ('proof', 'message'))
    files.refuse('evidence-proof', 'listed as a text', name, ('proof', 'listed'), '1')
    files.refuse('evidence-proof', 'listed below 0', name, ('proof', 'listed'), -1)
    files.refuse('evidence-proof', 'listed of 2^32', name, ('proof', 'listed'), 2**32)
    files.refuse('evidence-proof', 'another block', name, ('proof', 'block'), ledger.block(at['first']))
    files.refuse('evidence-proof', 'no list', name, ('proof', 'indices'))
    files.refuse('evidence-proof', 'another list', name, ('proof', 'indices'), ledger.indices(height, OTHER))
    own = 'foreign: the own index of another message'
    files.refuse(
        'evidence-proof', 'a list that is not needed', own, ('proof', 'indices'), ledger.indices(height, TAG)
    )
    files.refuse('evidence-proof', 'none as the listed', own, ('proof', 'listed'), 2**32 - 1)
    name = 'foreign: an index outside the block'
    files.refuse('evidence-proof', 'with a message', name, ('proof', 'message'), ledger.message(height, 0))

    kind, height = 'tag-malformed', at['malformed']
    block, side = ledger.block(height), ledger.indexes[height]
    positions = {}
    for index, leaf in enumerate(side.leaves):
        entry, shown = side.presence(index), {}
        try:
            parsed = tagindex.parse_entry(leaf, height)
            code = 'good'
            shown = {'indices': b64(ledger.lists[parsed.list_hash])}
            tagindex.parse_list(ledger.lists[parsed.list_hash], parsed)
        except evidence.Refused as refused:
            code = refused.code
        positions.setdefault(code, []).append({'block': block, 'entry': entry, **shown})
    positions['good'] = positions['good'][0]
    for code in ('tag-count', 'tag-length', 'tag-order', 'tag-own', 'tag-previous', 'tag-total'):
        for number, proof in enumerate(positions[code]):
            name = f'malformed: {code}' + (' again' if number else '')
            files.prove(name, ledger, kind, proof)
    assert [len(positions[code]) for code in ('tag-count', 'tag-length')] == [2, 2]
    name, good = 'malformed: tag-order', positions['good']
    files.refuse('evidence-no-lie', 'a good leaf and list', name, ('proof',), good)
    files.refuse('evidence-no-lie', 'the list left out', name, ('proof', 'indices'))
    files.refuse('evidence-proof', 'the list of another leaf', name, ('proof', 'indices'), good['indices'])
    files.refuse('evidence-proof', 'list null', name, ('proof', 'indices'), None)
    name = 'malformed: tag-previous'
    files.refuse('evidence-proof', 'a list that is not needed', name, ('proof', 'indices'), good['indices'])
    files.refuse('evidence-no-lie', 'a good leaf', name, ('proof', 'entry'), good['entry'])
    files.refuse('evidence-proof', 'another index', name, ('proof', 'entry', 'index'), good['entry']['index'])
    files.refuse('evidence-proof', 'another leaf', name, ('proof', 'entry', 'leaf'), '')
    files.refuse('evidence-proof', 'another block', name, ('proof', 'block'), ledger.block(at['first']))
    files.refuse('evidence-proof', 'surplus member', name, ('proof', 'tag'), '00' * 32)

    kind, height = 'tag-unsorted', at['unsorted']
    block, side = ledger.block(height), ledger.indexes[height]
    last = len(side.leaves) - 2  # the one before 'short', a copy of the one before it
    pair = [side.presence(index) for index in (0, 1, last - 1, last, last + 1)]
    files.prove('unsorted: neighbours', ledger, kind, {'block': block, 'left': pair[0], 'right': pair[1]})
    files.prove(
        'unsorted: the same tag twice', ledger, kind, {'block': block, 'left': pair[2], 'right': pair[3]}
    )
    name = 'unsorted: neighbours'
    files.refuse('evidence-no-lie', 'sorted', name, ('proof', 'left'), side.presence(1))
    files.refuse(
        'evidence-no-lie', 'in order', name, ('proof',), {'block': block, 'left': pair[1], 'right': pair[2]}
    )
    files.refuse(
        'evidence-no-lie', 'exchanged', name, ('proof',), {'block': block, 'left': pair[1], 'right': pair[0]}
    )
    files.refuse('evidence-proof', 'a short leaf', name, ('proof', 'right'), pair[4])
    files.refuse('evidence-proof', 'another leaf', name, ('proof', 'right', 'leaf'), pair[0]['leaf'])
    files.refuse('evidence-proof', 'no right', name, ('proof', 'right'))


def _statement(ledger: Ledger, tag: bytes, height: int, level: int = 0) -> dict:
    """What the index of a block, or a roll-up of its header, says of a tag."""
    side = ledger.rollups[height][level - 1] if level else ledger.indexes[height]
    said = {'block': ledger.block(height), **({'level': level} if level else {})}
    if any(leaf[:32] == tag for leaf in side.leaves):
        return {**said, 'presence': side.presence(side.find(tag))}
    return {**said, 'absence': side.absence(tag)}


def _links(files: Files, lies: _lies.Lies) -> None:
    ledger, at, tags, kind = lies.ledger, lies.at, lies.link_tags, 'tag-history'
    zero, one, two = at['link-0'], at['link-1'], at['link-2']

    def linked(tag: bytes, height: int, other: int = two) -> dict:
        return {
            'first': _statement(ledger, tag, other),
            'second': _statement(ledger, tag, height),
            'tag': tag.hex(),
        }

    files.prove('link: leads past a block', ledger, kind, linked(tags[0], one))
    files.prove('link: leads to a block without the tag', ledger, kind, linked(tags[1], one))
    files.prove('link: totals do not add up', ledger, kind, linked(tags[2], one))
    files.prove('link: totals that grow over too little', ledger, kind, linked(tags[5], zero))
    files.prove('link: totals that fall, the block between withheld', ledger, kind, linked(tags[6], zero))
    files.prove('link: said to be the first', ledger, kind, linked(tags[3], one))
    files.prove('link: said to be the first, an older block', ledger, kind, linked(tags[3], zero))
    files.prove('link: the later statement second', ledger, kind, linked(tags[0], two, one))
    files.refuse_file('evidence-no-lie', 'honest', ledger, kind, linked(tags[4], one))
    files.refuse_file('evidence-no-lie', 'an older block than the link', ledger, kind, linked(tags[4], zero))
    files.refuse_file('evidence-no-lie', 'twice the same', ledger, kind, linked(tags[0], two))
    files.refuse_file('evidence-no-lie', 'two absences', ledger, kind, linked(tags[1], at['first'], one))
    files.refuse_file(
        'evidence-no-lie',
        'absence from a block that the link does not name',
        ledger,
        kind,
        linked(tags[1], at['first']),
    )
    files.refuse_file(
        'evidence-no-lie', 'absence where none is claimed', ledger, kind, linked(tags[3], at['first'])
    )
    name, second = 'link: leads past a block', ('proof', 'second')
    base = linked(tags[0], one)['second']
    other = ledger.presence(one, tags[2])
    files.refuse('evidence-proof', 'presence of another tag', name, (*second, 'presence'), other)
    elsewhere = ledger.presence(zero, tags[0])
    files.refuse('evidence-proof', 'presence in another block', name, (*second, 'presence'), elsewhere)
    files.refuse('evidence-proof', 'both', name, (*second, 'absence'), ledger.absence(one, tags[1]))
    files.refuse('evidence-proof', 'neither', name, (*second, 'presence'))
    files.refuse('evidence-proof', 'a level without a roll-up', name, (*second, 'level'), 1)
    files.refuse('evidence-proof', 'level 0', name, (*second, 'level'), 0)
    files.refuse('evidence-proof', 'level null', name, (*second, 'level'), None)
    files.refuse('evidence-proof', 'surplus member', name, (*second, 'tag'), tags[0].hex())
    files.refuse('evidence-proof', 'another tag', name, ('proof', 'tag'), tags[2].hex())
    files.refuse('evidence-proof', 'tag null', name, ('proof', 'tag'), None)
    files.refuse('evidence-proof', 'second missing', name, second)
    files.refuse('evidence-proof', 'second as an array', name, second, [base])
    garbage = ledger.block(at['no-header'])
    files.refuse('evidence-proof', 'a block that is no header', name, (*second, 'block'), garbage)
    name = 'link: leads to a block without the tag'
    absence = ledger.absence(zero, fixed('lies no tag'))
    files.refuse('evidence-proof', 'absence from another block', name, (*second, 'absence'), absence)


def _rollups(files: Files, rolled: _lies.Rollups) -> None:
    ledger, tags = rolled.ledger, rolled.tags
    block, side = ledger.block(256), ledger.rollups[256][0]

    def entry(name: str) -> dict:
        return side.presence(side.find(tags[name]))

    malformed = {'block': block, 'entry': entry('malformed'), 'level': 1}
    files.prove('roll-up: malformed', ledger, 'rollup-malformed', malformed)
    short = {**malformed, 'entry': side.presence(len(side.leaves) - 1)}
    files.prove('roll-up: short leaf', ledger, 'rollup-malformed', short)
    name = 'roll-up: malformed'
    files.refuse('evidence-no-lie', 'a good leaf', name, ('proof', 'entry'), entry('honest'))
    files.refuse('evidence-proof', 'level 2', name, ('proof', 'level'), 2)
    files.refuse('evidence-proof', 'level 0', name, ('proof', 'level'), 0)
    files.refuse('evidence-proof', 'level 3', name, ('proof', 'level'), 3)
    files.refuse('evidence-proof', 'level as a text', name, ('proof', 'level'), '1')
    files.refuse('evidence-proof', 'a block without roll-ups', name, ('proof', 'block'), ledger.block(255))
    tag_entry = ledger.indexes[256].presence(0)
    files.refuse('evidence-proof', 'a leaf of the tag index', name, ('proof', 'entry'), tag_entry)

    right, left = len(side.leaves) - 2, len(side.leaves) - 3
    unsorted = {'block': block, 'left': side.presence(left), 'level': 1, 'right': side.presence(right)}
    files.prove('roll-up: unsorted', ledger, 'rollup-unsorted', unsorted)
    name = 'roll-up: unsorted'
    order = {'block': block, 'left': side.presence(0), 'level': 1, 'right': side.presence(1)}
    files.refuse('evidence-no-lie', 'in order', name, ('proof',), order)
    exchanged = {**unsorted, 'left': unsorted['right'], 'right': unsorted['left']}
    files.refuse('evidence-no-lie', 'exchanged', name, ('proof',), exchanged)
    files.refuse(
        'evidence-proof', 'a short leaf', name, ('proof', 'right'), side.presence(len(side.leaves) - 1)
    )
    files.refuse('evidence-proof', 'no level', name, ('proof', 'level'))
    _rollup_wrong(files, rolled)


def _rollup_wrong(files: Files, rolled: _lies.Rollups) -> None:
    ledger, tags, kind = rolled.ledger, rolled.tags, 'tag-history'
    block, side = ledger.block(256), ledger.rollups[256][0]

    def wrong(name: str, height: int) -> dict:
        """What the roll-up and the index of a block say about a tag."""
        tag, first = tags[name], {'block': block, 'level': 1}
        try:
            first['presence'] = side.presence(side.find(tag))
        except StopIteration:
            first['absence'] = _between(side, tag)
        return {'first': first, 'second': _statement(ledger, tag, height), 'tag': tag.hex()}

    files.prove('roll-up: a later block has the tag', ledger, kind, wrong('last', 200))
    files.prove('roll-up: the last block does not have the tag', ledger, kind, wrong('gone', 150))
    files.prove('roll-up: another total', ledger, kind, wrong('total', 200))
    files.prove('roll-up: a total below an earlier one', ledger, kind, wrong('less', 100))
    files.prove('roll-up: a tag left out', ledger, kind, wrong('left out', 3))
    files.prove('roll-up: a tag left out, the later block', ledger, kind, wrong('left out', 200))
    files.prove('roll-up: a later block denies what it has', ledger, kind, wrong('denied', 257))
    files.prove('roll-up: a later block denies what it names', ledger, kind, wrong('recounted', 257))
    for number, name in enumerate(
        ('honest, last block', 'honest, earlier block', 'honest, no tag', 'honest, later block')
    ):
        height = (200, 3, 150, 257)[number]
        files.refuse_file('evidence-no-lie', name, ledger, kind, wrong('honest', height))
    files.refuse_file('evidence-no-lie', 'a later block without the tag', ledger, kind, wrong('last', 210))
    files.refuse_file('evidence-no-lie', 'the last block, with its total', ledger, kind, wrong('last', 3))
    files.refuse_file('evidence-no-lie', 'absent in both', ledger, kind, wrong('invented', 3))
    files.refuse_file('evidence-no-lie', 'absent, a block above', ledger, kind, wrong('invented', 257))
    name, first = 'roll-up: a later block has the tag', ('proof', 'first')
    honest = side.presence(side.find(tags['honest']))
    files.refuse('evidence-proof', 'roll-up leaf of another tag', name, (*first, 'presence'), honest)
    malformed = side.presence(side.find(tags['malformed']))
    files.refuse('evidence-proof', 'malformed roll-up leaf', name, (*first, 'presence'), malformed)
    files.refuse('evidence-proof', 'level 2', name, (*first, 'level'), 2)
    files.refuse('evidence-proof', 'level 3', name, (*first, 'level'), 3)
    files.refuse('evidence-proof', 'level left out', name, (*first, 'level'))
    files.refuse('evidence-proof', 'a block without roll-ups', name, (*first, 'block'), ledger.block(255))
    both = _between(side, tags['left out'])
    files.refuse('evidence-proof', 'both of the roll-up', name, (*first, 'absence'), both)


def _between(side: tagindex.Side, tag: bytes) -> dict:
    """An absence in an index of which only the front is in order."""
    front = tagindex.Side(side.leaves[:-2]).absence(tag)
    return {where: side.presence(proof['index']) for where, proof in front.items()}


def _far(files: Files) -> None:
    far = _lies.Far()
    ledger = far.ledger
    block, side = ledger.block(65536), ledger.rollups[65536][1]
    total = {
        'first': _statement(ledger, far.tag, 3),
        'second': {'block': block, 'level': 2, 'presence': side.presence(0)},
        'tag': far.tag.hex(),
    }
    files.prove('roll-up of level 2: another total', ledger, 'tag-history', total)
    malformed = {'block': block, 'entry': side.presence(1), 'level': 2}
    files.prove('roll-up of level 2: outside the span', ledger, 'rollup-malformed', malformed)
    name = 'roll-up of level 2: another total'
    files.refuse('evidence-proof', 'level 1', name, ('proof', 'second', 'level'), 1)
    first = ledger.rollups[65536][0].presence(0)
    files.refuse(
        'evidence-no-lie',
        'level 1, a good leaf',
        'roll-up of level 2: outside the span',
        ('proof',),
        {'block': block, 'entry': first, 'level': 1},
    )


def _promises(files: Files) -> None:
    made = _lies.Promised()
    ledger, kind = made.ledger, 'promise-broken'
    never, kept = made.never.id, made.kept[0].id
    time = 1700000000

    def broken(message: bytes, size: int, last_height: int, last_time: int, end: int) -> dict:
        absences = [made.without(height, message) for height in range(size, end)]
        text = made.promise(message, size, last_height, last_time)
        return {'absences': absences, 'end': ledger.block(end), 'promise': text}

    late = time + 1000
    files.prove('promise: past its height', ledger, kind, broken(never, 2, 3, late, 4))
    files.prove('promise: past its time', ledger, kind, broken(never, 2, 8, time + 25, 3))
    files.prove('promise: past its time at once', ledger, kind, broken(never, 2, 8, time, 2))
    files.prove('promise: the id named by another', ledger, kind, broken(never, 3, 5, late, 6))
    files.prove('promise: kept too late', ledger, kind, broken(kept, 2, 4, late, 5))
    name = 'promise: past its height'
    base = files.files[name][0]['proof']
    files.refuse_file('evidence-no-lie', 'at its height', ledger, kind, broken(never, 2, 4, late, 4))
    files.refuse_file('evidence-no-lie', 'at its time', ledger, kind, broken(never, 2, 8, time + 30, 3))
    files.refuse_file('evidence-no-lie', 'kept', ledger, kind, broken(kept, 3, 6, late, 7))
    files.refuse('evidence-proof', 'a block left out', name, ('proof', 'absences'), base['absences'][1:])
    files.refuse('evidence-proof', 'the last left out', name, ('proof', 'absences'), base['absences'][:-1])
    files.refuse('evidence-proof', 'blocks exchanged', name, ('proof', 'absences'), base['absences'][::-1])
    files.refuse(
        'evidence-proof',
        'one too many',
        name,
        ('proof', 'absences'),
        [*base['absences'], made.without(4, kept)],
    )
    files.refuse('evidence-proof', 'a block twice', name, ('proof', 'absences'), [base['absences'][0]] * 2)
    files.refuse('evidence-proof', 'no absences', name, ('proof', 'absences'), [])
    files.refuse('evidence-proof', 'absences as an object', name, ('proof', 'absences'), {})
    files.refuse('evidence-proof', '1,025 absences', name, ('proof', 'absences'), [{}] * 1025)
    other_side = bytes(32) if 'left' in base['absences'][0]['absence'] else b'\xff' * 32
    elsewhere = made.promise(other_side, 2, 3, late)
    files.refuse('evidence-proof', 'absence of another message', name, ('proof', 'promise'), elsewhere)
    files.refuse('evidence-proof', 'end below size, with absences', name, ('proof', 'end'), ledger.block(1))
    ahead = {'absences': [], 'end': ledger.block(3), 'promise': made.promise(never, 900, 910, time + 29)}
    files.prove('promise: a block below its first is past its time', ledger, kind, ahead)
    below = 'promise: a block below its first is past its time'
    files.refuse('evidence-no-lie', 'a block at its time', below, ('proof', 'end'), ledger.block(2))
    with_one = [made.without(2, never)]
    files.refuse('evidence-proof', 'with an absence', below, ('proof', 'absences'), with_one)
    files.refuse('evidence-proof', 'end that does not follow', name, ('proof', 'end'), ledger.block(6))
    files.refuse(
        'evidence-proof',
        'promise of another ledger',
        name,
        ('proof', 'promise'),
        made.promise(never, 2, 3, late, fixed('y')),
    )
    files.refuse(
        'evidence-proof', 'promise by the log key', name, ('proof', 'promise'), _by_log(made, base['promise'])
    )
    files.refuse(
        'evidence-proof',
        'promise changed',
        name,
        ('proof', 'promise'),
        base['promise'].replace('size 2', 'size 1'),
    )
    files.refuse('evidence-proof', 'promise null', name, ('proof', 'promise'), None)
    files.refuse(
        'evidence-proof',
        'a checkpoint as the promise',
        name,
        ('proof', 'promise'),
        ledger.checkpoint().decode(),
    )
    files.refuse(
        'evidence-proof', 'wide promise', name, ('proof', 'promise'), made.promise(never, 2, 2000, late)
    )
    files.refuse(
        'evidence-proof',
        'absence and presence',
        name,
        ('proof', 'absences', 0, 'presence'),
        ledger.presence(4, never),
    )
    files.refuse('evidence-proof', 'neither', name, ('proof', 'absences', 0, 'absence'))
    _block_cases(files, name, ('proof', 'end'))


def _by_log(made: _lies.Promised, text: str) -> str:
    body = text[: text.rindex('\n\n') + 1]
    return note.sign(body, made.ledger.log.line(body)).decode()


def vectors() -> dict:
    files, lies = Files(), _lies.Lies()
    _heads(files)
    _headers(files, lies)
    _file_form(files)
    _not_founding(files)
    _messages(files, lies)
    _tags(files, lies)
    _links(files, lies)
    _rollups(files, _lies.Rollups())
    _far(files)
    _promises(files)
    return {'spec': 'docs/spec/evidence.md', 'proven': files.proven, 'refused': files.refused}
