"""policies.json: policy files, verdicts on checkpoints, log proofs."""

from __future__ import annotations

from countersign import merkle, note, policy
from countersign.common import MAX_INTEGER, b64, sha256

from ._render import cuts, expect, fixed, shown

LOG = note.Signer('log.example/one', note.LOG, fixed('policies log'))
OTHER = note.Signer('log.example/two', note.LOG, fixed('policies other log'))
WITNESSES = [
    note.Signer(f'witness.example/{n}', note.COSIGNER, fixed(f'policies witness {n}')) for n in range(6)
]
W = [witness.vkey for witness in WITNESSES]
TIME = 1700000000


def lines(*items: str) -> bytes:
    return ''.join(item + '\n' for item in items).encode('utf-8')


def witness_lines(count: int) -> list:
    return [f'witness w{number} {W[number]}' for number in range(count)]


LEVELS = [
    'log ' + LOG.vkey,
    *witness_lines(6),
    'group x 2 w0 w1 w2',
    'group y any w3 w4 w5',
    'group both all x y',
    'quorum both',
]


def texts_of(data: bytes) -> str:
    return data.decode('latin-1')


def members(data: bytes) -> dict:
    read = policy.Policy(data)
    return {
        'logs': [key.vkey for key in read.logs],
        'witnesses': [{'name': texts_of(name), 'vkey': key.vkey} for name, key in read.witnesses.items()],
        'groups': [
            {'name': texts_of(name), 'k': k, 'members': [texts_of(member) for member in found]}
            for name, (k, found) in read.groups.items()
        ],
        'quorum': texts_of(read.quorum),
    }


def many_witnesses(count: int) -> list:
    keys = [
        note.Key(f'w.example/{number}', note.COSIGNER, fixed(f'policies many {number}'))
        for number in range(count)
    ]
    return [f'witness m{number} {key.vkey}' for number, key in enumerate(keys)]


def _policies() -> list:
    cases = (
        ('quorum none alone', lines('quorum none')),
        ('one log', lines('log ' + LOG.vkey, 'quorum none')),
        ('one witness', lines(*witness_lines(1), 'quorum w0')),
        ('two levels of groups', lines(*LEVELS)),
        (
            'addresses',
            lines(f'log {LOG.vkey} https://log.example/', f'witness w {W[0]} https://w.example/', 'quorum w'),
        ),
        (
            'comments and empty lines',
            lines('# policy', '', '  \t', ' # more', *witness_lines(1), '#quorum none', 'quorum w0'),
        ),
        ('tabs and runs of spaces', lines('  witness\t w0 \t' + W[0] + '  ', '\tquorum   w0\t')),
        ('names in other scripts', lines(f'witness \u65e5\u672c {W[0]}', 'quorum \u65e5\u672c')),
        (
            'a name that is a keyword',
            lines(f'witness any {W[0]}', f'witness quorum {W[1]}', 'group all 2 any quorum', 'quorum all'),
        ),
        ('a name with a hash inside', lines(f'witness a#b {W[0]}', 'quorum a#b')),
        ('definitions after the quorum', lines('quorum none', *witness_lines(2), 'group g all w0 w1')),
        ('threshold of one', lines(*witness_lines(1), 'group g 1 w0', 'quorum g')),
        ('sixty-four witnesses', lines(*many_witnesses(64), 'quorum m63')),
        ('a comment of bytes that are no UTF-8', b'# \x80\xff\nquorum none\n'),
        ('a name of bytes that are no UTF-8', b'witness \xff ' + W[0].encode() + b'\nquorum \xff\n'),
    )
    return [{'name': name, 'policy': shown(data), **members(data)} for name, data in cases]


def _refused() -> list:
    key_of_type = {kind: note.Key('k.example', kind, LOG.key).vkey for kind in (1, 4)}
    twin = note.Key('other.example', note.COSIGNER, WITNESSES[0].key).vkey
    two = witness_lines(2)
    groups = [f'group g{number} 1 m{number}' for number in range(64)]
    cases = (
        ('policy-too-long', '65,537 bytes', b'#' * 65536 + b'\n'),
        ('policy-too-long', '65,537 bytes of another kind', b'\x00' * 65537),
        ('policy-character', 'a carriage return', b'quorum none\r\n'),
        ('policy-character', 'a null byte', b'quorum none\n\x00'),
        ('policy-character', 'DEL', b'quorum none\x7f\n'),
        ('policy-character', 'in a comment', b'#\x0b\nquorum none\n'),
        ('policy-character', 'and no newline at the end', b'\x01'),
        ('policy-unterminated', 'no newline at the end', b'quorum none'),
        ('policy-unterminated', 'no newline after a comment', b'quorum none\n#'),
        ('policy-unterminated', 'and nothing else right', b'x'),
        ('policy-line', 'another first word', lines('quorums none')),
        ('policy-line', 'upper case', lines('Quorum none')),
        ('policy-line', 'log without a key', lines('log')),
        ('policy-line', 'log with four words', lines(f'log {LOG.vkey} a b', 'quorum none')),
        ('policy-line', 'witness without a key', lines('witness w')),
        ('policy-line', 'witness with five words', lines(f'witness w {W[0]} a b')),
        ('policy-line', 'group without members', lines('group g any')),
        ('policy-line', 'quorum without a name', lines('quorum')),
        ('policy-line', 'quorum with two names', lines(*two, 'quorum w0 w1')),
        ('policy-line', 'comment behind a line', lines('quorum none # all')),
        ('policy-key', 'no key', lines('log key')),
        ('policy-key', 'log of the cosigner type', lines('log ' + key_of_type[4])),
        ('policy-key', 'witness of the log type', lines('witness w ' + key_of_type[1])),
        ('policy-key', 'another id', lines('log ' + LOG.vkey.replace(LOG.id.hex(), '00000000'))),
        ('policy-key', 'before the name', lines('witness none key')),
        ('policy-duplicate', 'the same log twice', lines('log ' + LOG.vkey, 'log ' + LOG.vkey)),
        ('policy-duplicate', 'a key under two names', lines(two[0], 'witness x ' + twin)),
        (
            'policy-duplicate',
            'a key as log and as witness',
            lines('log ' + key_of_type[1], 'witness w ' + key_of_type[4]),
        ),
        ('policy-duplicate', 'two witnesses of one name', lines(two[0], f'witness w0 {W[1]}')),
        ('policy-duplicate', 'a group named like a witness', lines(*two, 'group w0 any w1')),
        ('policy-duplicate', 'two groups of one name', lines(*two, 'group g any w0', 'group g any w1')),
        (
            'policy-duplicate',
            'a witness named like a group',
            lines(two[0], 'group g any w0', f'witness g {W[1]}'),
        ),
        ('policy-too-many', '65 witnesses', lines(*many_witnesses(65), 'quorum none')),
        ('policy-too-many', '65 logs', lines(*many_logs(65))),
        (
            'policy-too-many',
            '65 groups',
            lines(*many_witnesses(64), *groups, 'group g64 1 g0', 'quorum none'),
        ),
        (
            'policy-too-many',
            'the 65th group, nothing in it defined',
            lines(*many_witnesses(64), *groups, 'group none 0 nobody', 'quorum none'),
        ),
        (
            'policy-too-many',
            'the 65th witness, named none',
            lines(*many_witnesses(64), f'witness none {W[0]}', 'quorum none'),
        ),
        (
            'policy-duplicate',
            'the 65th witness, its key there before',
            lines(*many_witnesses(65)[:64], many_witnesses(64)[0].replace(' m0 ', ' m64 ')),
        ),
        ('policy-name', 'a witness named none', lines(f'witness none {W[0]}')),
        ('policy-name', 'a group named none', lines(two[0], 'group none any w0')),
        ('policy-name', 'a member that is not defined', lines(two[0], 'group g any w0 w1')),
        ('policy-name', 'a member that is defined later', lines('group g any w0', two[0])),
        ('policy-name', 'a group in itself', lines(two[0], 'group g any w0 g')),
        ('policy-name', 'none as a member', lines(two[0], 'group g any w0 none')),
        ('policy-name', 'quorum that is not defined', lines(two[0], 'quorum w1')),
        ('policy-name', 'quorum that is defined later', lines('quorum w0', two[0])),
        ('policy-name', 'a name that differs by case', lines(two[0], 'quorum W0')),
        ('policy-member-twice', 'twice in one group', lines(two[0], 'group g any w0 w0')),
        ('policy-member-twice', 'in two groups', lines(*two, 'group g any w0', 'group h any w1 w0')),
        ('policy-member-twice', 'and a threshold that is wrong', lines(two[0], 'group g 9 w0 w0')),
        ('policy-threshold', '0', lines(two[0], 'group g 0 w0')),
        ('policy-threshold', 'one above the members', lines(*two, 'group g 3 w0 w1')),
        ('policy-threshold', 'leading zero', lines(*two, 'group g 01 w0 w1')),
        ('policy-threshold', 'plus', lines(*two, 'group g +1 w0 w1')),
        ('policy-threshold', 'minus', lines(*two, 'group g -1 w0 w1')),
        ('policy-threshold', 'fraction', lines(*two, 'group g 1.0 w0 w1')),
        ('policy-threshold', 'a word', lines(*two, 'group g most w0 w1')),
        ('policy-threshold', 'upper case', lines(*two, 'group g ANY w0 w1')),
        ('policy-threshold', 'a hundred digits', lines(*two, f"group g {'9' * 100} w0 w1")),
        ('policy-threshold', 'before the name', lines(*two, 'group w0 3 w1')),
        ('policy-quorum', 'nothing', b''),
        ('policy-quorum', 'no quorum', lines(*two)),
        ('policy-quorum', 'quorum twice', lines('quorum none', 'quorum none')),
        ('policy-quorum', 'a comment alone', lines('#quorum none')),
    )
    made = []
    for code, name, data in cases:
        made.append({'name': name, 'code': expect(code, policy.Policy, data), 'policy': shown(data)})
    return made


def many_logs(count: int) -> list:
    keys = [
        note.Key(f'l.example/{number}', note.LOG, fixed(f'policies many {number}')) for number in range(count)
    ]
    return ['log ' + key.vkey for key in keys]


TEXT = note.checkpoint_text(LOG.name, 9, fixed('policies root'))


def cosigned(*times: object) -> bytes:
    """The checkpoint with cosignatures of the witnesses at these times; None leaves one out."""
    found = [WITNESSES[n].line(TEXT, time) for n, time in enumerate(times) if time is not None]
    return note.sign(TEXT, LOG.line(TEXT), *found)


def _verdicts() -> list:
    levels, no_logs = lines(*LEVELS), lines(*LEVELS[1:])
    other_log = lines('log ' + OTHER.vkey, 'quorum none')
    none = lines('log ' + LOG.vkey, 'quorum none')
    two_of_three = lines('log ' + LOG.vkey, *witness_lines(3), 'group g 2 w0 w1 w2', 'quorum g')
    wrong = note.sign(TEXT, LOG.line(TEXT), WITNESSES[0].line('x\n', TIME))
    extended = note.checkpoint_text(LOG.name, 9, fixed('policies root'), ('more',))
    extended_note = note.sign(extended, LOG.line(extended))
    cases = (
        ('no quorum asked for', none, cosigned(), None),
        ('no quorum asked for, cosigned by a stranger', none, cosigned(TIME), None),
        ('no quorum asked for, log known from elsewhere', lines('quorum none'), cosigned(), LOG),
        ('none cosigned', levels, cosigned(), None),
        ('one of each group', levels, cosigned(TIME, None, None, TIME + 1), None),
        ('two and one', levels, cosigned(TIME, TIME + 10, None, TIME + 5), None),
        ('two and none', levels, cosigned(TIME, TIME + 10), None),
        ('all', levels, cosigned(TIME, TIME + 1, TIME + 2, TIME + 3, TIME + 4, TIME + 5), None),
        ('one clock far ahead', two_of_three, cosigned(TIME, 253402300799), None),
        (
            'two of three: the second latest counts',
            two_of_three,
            cosigned(TIME + 7, TIME + 9, TIME + 8),
            None,
        ),
        ('times of zero', two_of_three, cosigned(0, 0), None),
        ('log known from elsewhere and listed', levels, cosigned(TIME, TIME, None, TIME), LOG),
        ('log known from elsewhere, none listed', no_logs, cosigned(TIME, TIME, None, TIME), LOG),
        ('policy-no-log', no_logs, cosigned(TIME, TIME, None, TIME), None),
        ('policy-no-log', lines('quorum none'), b'', None),
        ('policy-log-not-listed', other_log, cosigned(), LOG),
        ('policy-log-not-listed', other_log, b'', LOG),
        ('note-unsigned', other_log, cosigned(), None),
        ('note-signature-refused', two_of_three, wrong, None),
        (
            'checkpoint-not-by-log',
            lines('log ' + OTHER.vkey, *witness_lines(1), 'quorum w0'),
            cosigned(TIME),
            None,
        ),
        ('extension lines', none, extended_note, None),
    )
    made = []
    for name, data, checkpoint, log in cases:
        code = name if '-' in name and ' ' not in name else None
        expect(code, policy.Policy(data).judge, checkpoint, log)
        case = {'name': name, 'code': code or 'ok', 'policy': data.decode(), 'note': checkpoint.decode()}
        case['knownLog'] = None if log is None else log.vkey
        if code is None:
            verdict = policy.Policy(data).judge(checkpoint, log)
            times = [
                {'name': texts_of(key), 'time': time} for key, time in sorted(verdict['witnesses'].items())
            ]
            case.update({'met': verdict['met'], 'time': verdict['time'], 'witnesses': times})
        made.append(case)
    return made


def _proofs() -> tuple:
    entries = [b'entry %d' % number for number in range(11)]
    tree = merkle.Tree.of(entries)
    text = note.checkpoint_text(LOG.name, 11, tree.root())
    signed = note.sign(text, LOG.line(text))
    one = note.checkpoint_text(LOG.name, 1, merkle.Tree.of(entries[:1]).root())
    alone = note.sign(one, LOG.line(one))
    good = []
    for name, index, path, extra, checkpoint in (
        ('with a path', 5, tree.path(5), None, signed),
        ('with extra', 10, tree.path(10), b'anything\n\n', signed),
        ('extra of one byte', 0, tree.path(0), b'\x00', signed),
        ('a tree of one', 0, [], None, alone),
        ('63 hashes', MAX_INTEGER, [sha256()] * 63, None, signed),
        ('no checkpoint', 1, [], None, b''),
        ('a checkpoint that is none', 1, [], None, b'\xff\n\n'),
    ):
        data = policy.compose_proof(index, path, checkpoint, extra)
        assert policy.parse_proof(data) == {
            'index': index,
            'extra': extra,
            'path': path,
            'checkpoint': checkpoint,
        }
        case = {'name': name, 'proof': shown(data), 'index': index, 'path': [item.hex() for item in path]}
        made = {**case, 'extra': None if extra is None else extra.hex(), 'checkpoint': shown(checkpoint)}
        if checkpoint in (signed, alone) and name != '63 hashes':
            made.update({'entry': entries[index].hex(), 'log': LOG.vkey})
        good.append(made)
    front = 'c2sp.org/tlog-proof@v1\n'
    refused = []
    for code, name, data in (
        ('proof-too-long', '2,097,153 bytes', b'\n' * 2097153),
        ('proof-malformed', 'nothing', b''),
        ('proof-malformed', 'no empty line', (front + 'index 0\n').encode()),
        ('proof-malformed', 'empty line first', ('\n\n' + front).encode()),
        ('proof-malformed', 'not UTF-8', b'\xff\n\n'),
        ('proof-malformed', 'another first line', b'c2sp.org/tlog-proof@v2\nindex 0\n\n'),
        ('proof-malformed', 'first line alone', (front + '\n').encode()),
        ('proof-malformed', 'space after the first line', front.replace('\n', ' \nindex 0\n\n').encode()),
        ('proof-malformed', 'carriage returns', (front + 'index 0\n\n').replace('\n', '\r\n').encode()),
        ('proof-malformed', 'no index', (front + b64(sha256()) + '\n\n').encode()),
        ('proof-malformed', 'extra twice', (front + 'extra AA==\nextra AA==\nindex 0\n\n').encode()),
        ('proof-malformed', 'index without a space', (front + 'index\n\n').encode()),
        ('proof-malformed', '64 hashes', policy.compose_proof(0, [sha256()] * 64, b'')),
        ('proof-extra', 'of nothing', (front + 'extra \nindex 0\n\n').encode()),
        ('proof-extra', 'not base64', (front + 'extra AA\nindex 0\n\n').encode()),
        ('proof-extra', 'two spaces', (front + 'extra  AA==\nindex 0\n\n').encode()),
        ('proof-extra', 'unused bits', (front + 'extra AB==\nindex 0\n\n').encode()),
        ('proof-index', 'leading zero', (front + 'index 00\n\n').encode()),
        ('proof-index', 'minus', (front + 'index -1\n\n').encode()),
        ('proof-index', 'empty', (front + 'index \n\n').encode()),
        ('proof-index', '2^53', (front + 'index 9007199254740992\n\n').encode()),
        ('proof-index', 'hexadecimal', (front + 'index 0x1\n\n').encode()),
        (
            'proof-index',
            'wrong, and 64 hashes',
            policy.compose_proof(0, [sha256()] * 64, b'').replace(b'index 0', b'index 00'),
        ),
        ('proof-hash', '31 bytes', (front + f'index 0\n{b64(bytes(31))}\n\n').encode()),
        ('proof-hash', 'hexadecimal', (front + f'index 0\n{sha256().hex()}\n\n').encode()),
        ('proof-hash', 'extra after the index', (front + 'index 0\nextra AA==\n\n').encode()),
        ('proof-hash', 'the second', (front + f'index 0\n{b64(sha256())}\nAAAA\n\n').encode()),
    ):
        refused.append({'name': name, 'code': expect(code, policy.parse_proof, data), 'proof': shown(data)})
    return good, refused


def vectors() -> dict:
    proofs, refused_proofs = _proofs()
    whole = policy.compose_proof(3, [sha256()] * 2, b'', b'extra')
    cut = {'proof': whole.decode(), 'cuts': cuts(whole, policy.parse_proof)}
    return {
        'spec': 'docs/spec/notes.md',
        'policies': _policies(),
        'refusedPolicies': _refused(),
        'verdicts': _verdicts(),
        'proofs': proofs,
        'refusedProofs': refused_proofs,
        'proofPrefixes': [cut],
    }
