"""identities.json: keys from words, statements about keys, contact cards, safety numbers."""

from __future__ import annotations

from countersign import canonical, ed25519, identity, keys, x25519
from countersign import envelope as env
from countersign.common import MAX_TIME, b64

from ._render import expect, fixed, packed, sweep

LEDGER = fixed('identities ledger')

# Well-known mnemonics of BIP-39's own test data: the entropy is the byte given, 32 times.
WORDS = (
    ('00', ' '.join(['abandon'] * 23 + ['art'])),
    (
        '7f',
        ' '.join(
            ['legal winner thank year wave sausage worth useful'] * 2
            + ['legal winner thank year wave sausage worth title']
        ),
    ),
    (
        '80',
        ' '.join(
            ['letter advice cage absurd amount doctor acoustic avoid'] * 2
            + ['letter advice cage absurd amount doctor acoustic bless']
        ),
    ),
    ('ff', ' '.join(['zoo'] * 23 + ['vote'])),
)


def _words() -> list:
    made = []
    for entropy, words in WORDS:
        cases = {}
        for ledger in (LEDGER, bytes(32), b'\xff' * 32) if entropy == '00' else (LEDGER,):
            found = []
            for role in keys.ROLES:
                for index in (0, 1, 2**31 - 1):
                    secret = keys.secret_of(words, ledger, role, index)
                    path = keys.path_of(ledger, role, index)
                    shown = {'role': role, 'index': index, 'path': path, 'secret': secret.hex()}
                    found.append({**shown, 'public': keys.public_of(role, secret).hex()})
            cases[ledger.hex()] = found
        made.append(
            {'entropy': entropy * 32, 'words': words, 'seed': keys.seed_of(words).hex(), 'keys': cases}
        )
    return made


def _typed() -> tuple:
    """Words as people type them: what stands for the same, and what is refused."""
    words = WORDS[0][1]
    many = words.split(' ')
    same = [
        {'name': 'as written', 'typed': words},
        {'name': 'upper case', 'typed': words.upper()},
        {'name': 'one letter in upper case', 'typed': words.replace('art', 'Art')},
        {'name': 'two spaces', 'typed': words.replace(' ', '  ')},
        {'name': 'a line for each word', 'typed': words.replace(' ', '\n')},
        {'name': 'line breaks with carriage return', 'typed': words.replace(' ', '\r\n')},
        {'name': 'tabs', 'typed': words.replace(' ', '\t')},
    ]
    refused = []
    for code, name, typed in (
        ('words-count', 'nothing', ''),
        ('words-count', 'one word', 'abandon'),
        ('words-count', '23 words', ' '.join(many[:23])),
        ('words-count', '25 words', words + ' abandon'),
        ('words-count', '12 words of a good checksum', ' '.join(['abandon'] * 11 + ['about'])),
        ('words-count', 'joined by commas', words.replace(' ', ',')),
        ('words-count', 'joined by no-break spaces', words.replace(' ', '\u00a0')),
        ('words-count', '23 words, one unknown', ' '.join(['qqqq'] + many[1:23])),
        ('words-unknown', 'the first unknown', ' '.join(['qqqq'] + many[1:])),
        ('words-unknown', 'the last unknown', ' '.join(many[:23] + ['qqqq'])),
        ('words-unknown', 'a word cut short', ' '.join(['aband'] + many[1:])),
        ('words-unknown', 'a comma behind a word', ' '.join(['abandon,'] + many[1:])),
        ('words-unknown', 'a letter of another script', ' '.join(['\u0430bandon'] + many[1:])),
        ('words-unknown', 'a letter that lower-cases to k', ' '.join(['as\u212a'] + many[1:])),
        ('words-unknown', 'unknown, and the checksum wrong', ' '.join(['qqqq'] + many[:23])),
        ('words-checksum', '24 times the first word', ' '.join(['abandon'] * 24)),
        ('words-checksum', '24 times the last word', ' '.join(['zoo'] * 24)),
        ('words-checksum', 'two words exchanged', ' '.join(['art'] + ['abandon'] * 23)),
        ('words-checksum', 'one word changed', ' '.join(['zoo'] + many[1:])),
    ):
        refused.append({'name': name, 'code': code, 'typed': typed})
    return same, refused


class Person:
    def __init__(self, name: str):
        self.name = name
        self.seed, self.secret = fixed(name + ' signing'), fixed(name + ' encryption')
        self.sign, self.encrypt = ed25519.public_key(self.seed), x25519.public_key(self.secret)


ONE, TWO, RECOVERY, NEXT = (
    Person('identities ' + name) for name in ('one', 'two', 'recovery', 'next recovery')
)
CARD = fixed('identities card')
COMMITMENT, NEXT_COMMITMENT = (keys.recovery_commitment(person.sign).hex() for person in (RECOVERY, NEXT))
X_SMALL = '01' + '00' * 31
NOT_A_POINT = '02' + '00' * 31  # canonical and not of small order: passes by its bytes alone


def tags(*hex_keys: str) -> list:
    return sorted({keys.status_tag(bytes.fromhex(key)) for key in hex_keys})


def statement(kind: str, seed: bytes, body: dict, wanted: list, consent: bytes | None = None) -> env.Leaf:
    head = env.head_of(LEDGER, fixed('identities nonce', 16), body, wanted, 1700000000)
    if consent is not None:
        head = identity.consented(head, ed25519.public_key(seed), consent)
    return env.parse_leaf(env.compose(seed, kind, head).bytes)


def announce(seed: bytes = ONE.seed, wanted: list | None = None, **changes: object) -> env.Leaf:
    body = {'card': CARD.hex(), 'encrypt': ONE.encrypt.hex(), 'recovery': COMMITMENT, 'sign': ONE.sign.hex()}
    body.update(changes)
    body = {name: value for name, value in body.items() if value is not ...}
    return statement(identity.ANNOUNCE, seed, body, tags(ONE.sign.hex()) if wanted is None else wanted)


def rotate(
    seed: bytes = ONE.seed,
    wanted: list | None = None,
    consent: bytes | None = TWO.seed,
    proof: object = ...,
    **changes: object,
) -> env.Leaf:
    body = {'card': CARD.hex(), 'encrypt': TWO.encrypt.hex(), 'from': ONE.sign.hex(), 'sign': TWO.sign.hex()}
    body.update(changes)
    body = {name.rstrip('_'): value for name, value in body.items()}
    body = {name: value for name, value in body.items() if value is not ...}
    if proof is not ...:
        body['proof'], consent = proof, None
    return statement(
        identity.ROTATE,
        seed,
        body,
        tags(ONE.sign.hex(), TWO.sign.hex()) if wanted is None else wanted,
        consent,
    )


def recover(**changes: object) -> env.Leaf:
    return rotate(**{'seed': RECOVERY.seed, 'recovery': NEXT_COMMITMENT, **changes})


def revoke(seed: bytes = ONE.seed, wanted: list | None = None, **changes: object) -> env.Leaf:
    body = {'key': ONE.sign.hex(), 'reason': 'lost', **changes}
    body = {name: value for name, value in body.items() if value is not ...}
    return statement(identity.REVOKE, seed, body, tags(ONE.sign.hex()) if wanted is None else wanted)


# Of each run of refused code points the first and the last; what lies right before and after them is allowed.
REFUSED_POINTS = (
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD),
    (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
NEIGHBOURS = sorted({point for first, last in REFUSED_POINTS for point in (first - 1, last + 1) if point > 0})


def _statements() -> list:
    extra = [*tags(ONE.sign.hex(), TWO.sign.hex()), fixed('identities other tag')]
    cases = (
        ('announcement', announce()),
        ('announcement with a name', announce(name='Example Land Office')),
        ('announcement with a name of one character', announce(name='\U0001f4dc')),
        ('announcement with a name of 100 characters', announce(name='\u65e5' * 100)),
        ('announcement with a name of 100 characters above U+FFFF', announce(name='\U0001f4dc' * 100)),
        (
            'announcement with a name with joiners and marks',
            announce(name='e\u0301 \u0915\u094d\u200d\u0937 \u00a0'),
        ),
        ('announcement with a name in Persian', announce(name='\u0639\u0644\u06cc\u200c\u0631\u0636\u0627')),
        ('announcement with a name in Sinhala', announce(name='\u0dc1\u0dca\u200d\u0dbb\u0dd3')),
        *(
            (
                'announcement with a joiner between U+%04X and U+%04X' % (one, two),
                announce(name=chr(one) + '\u200c' + chr(two)),
            )
            for one, two in ((0x620, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0x900, 0xDFF))
        ),
        (
            'announcement with a name of neighbours of what is refused',
            announce(name=''.join(map(chr, NEIGHBOURS))),
        ),
        ('announcement with a name after a space', announce(name=' a')),
        ('announcement with more tags', announce(wanted=sorted(extra))),
        ('rotation', rotate()),
        ('rotation with more tags', rotate(wanted=sorted(extra))),
        ('rotation to the same X25519 key', rotate(encrypt=ONE.encrypt.hex())),
        ('recovery', recover()),
        ('recovery to a commitment of zeros', recover(recovery='00' * 32)),
        ('revocation by the key itself', revoke()),
        ('revocation by another key', revoke(seed=RECOVERY.seed)),
        ('revocation: retired', revoke(reason='retired')),
        ('revocation: left', revoke(reason='left')),
        ('revocation: compromised', revoke(reason='compromised')),
        ('revocation: compromised since', revoke(reason='compromised', since=1690000000)),
        ('revocation: compromised since 0', revoke(reason='compromised', since=0)),
        ('revocation: compromised since the last second', revoke(reason='compromised', since=MAX_TIME)),
        ('revocation of a key that is no point', revoke(key=NOT_A_POINT, wanted=tags(NOT_A_POINT))),
    )
    made = []
    for name, leaf in cases:
        body = identity.READERS[leaf.type](leaf)
        case = {
            'name': name,
            'type': leaf.type,
            'sender': leaf.sender.hex(),
            'body': body,
            'leaf': leaf.bytes.hex(),
        }
        if leaf.type == identity.ROTATE:
            case['consentBytes'] = identity.consent_bytes(leaf.head, leaf.sender).hex()
            case['newSeed'] = TWO.seed.hex()
        made.append(case)
    return made


def _refused_announcements() -> list:
    good = tags(ONE.sign.hex())
    two = TWO.sign.hex()
    own = keys.recovery_commitment(ONE.sign).hex()
    cases = [
        ('identity-members', name + ' missing', announce(**{name: ...}))
        for name in ('card', 'encrypt', 'recovery', 'sign')
    ]
    cases += [
        ('identity-members', 'surplus member', announce(extra=1)),
        ('identity-members', 'proof given', announce(proof=b64(bytes(64)))),
        ('identity-members', 'surplus member and a wrong value', announce(extra=1, card='')),
        ('identity-value', 'card too short', announce(card='00')),
        ('identity-value', 'card null', announce(card=None)),
        ('identity-value', 'encrypt in upper case', announce(encrypt='AB' * 32)),
        ('identity-value', 'recovery of 33 bytes', announce(recovery='00' * 33)),
        ('identity-value', 'sign as a number', announce(sign=1)),
        ('identity-value', 'sign in base64', announce(sign=b64(ONE.sign))),
        ('identity-value', 'name null', announce(name=None)),
        ('identity-value', 'name empty', announce(name='')),
        ('identity-value', 'name of 101 characters', announce(name='x' * 101)),
        ('identity-value', 'name of 101 characters above U+FFFF', announce(name='\U0001f4dc' * 101)),
        ('identity-value', 'name as an object', announce(name={})),
        ('identity-value', 'wrong value and a wrong key', announce(card='', encrypt='00' * 32)),
    ]
    for point in sorted({point for run in REFUSED_POINTS for point in run}):
        name = 'a' + chr(point) + 'b'
        cases.append(('identity-value', 'name with U+%04X' % point, announce(name=name)))
    for what, name in (
        ('a joiner at the start', '\u200d\u0937'),
        ('a joiner at the end', '\u0915\u094d\u200d'),
        ('a joiner between Latin letters', 'a\u200cb'),
        ('a joiner between emoji', '\U0001f469\u200d\U0001f33e'),
        ('two joiners', '\u0915\u094d\u200d\u200d\u0937'),
        ('a joiner after a letter of another script', 'a\u200d\u0937'),
        ('a joiner before a letter of another script', '\u0937\u200db'),
        ('a joiner after U+061F', '\u061f\u200c\u0627'),
        ('a joiner after U+0700', '\u0700\u200c\u0627'),
        ('a joiner before U+0E00', '\u0937\u200d\u0e00'),
        ('a joiner alone', '\u200c'),
        ('one space', ' '),
        ('spaces only', ' \u00a0\u1680\u2000\u200a\u202f\u205f\u2800\u3000'),
    ):
        cases.append(('identity-value', 'name with ' + what, announce(name=name)))
    for what, key in (
        ('all zero', '00' * 32),
        ('1', X_SMALL),
        ('of order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'),
        ('of order 8, the other', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'),
        ('p - 1', 'ec' + 'ff' * 30 + '7f'),
        ('p', 'ed' + 'ff' * 30 + '7f'),
        ('p + 1', 'ee' + 'ff' * 30 + '7f'),
        ('1 with the top bit set', '01' + '00' * 30 + '80'),
    ):
        cases.append(('identity-key', 'encrypt ' + what, announce(encrypt=key)))
    small = [ed25519.encode(point).hex() for point in ed25519.torsion()]
    for what, key in [(f'of small order {number}', key) for number, key in enumerate(small)] + [
        ('p', 'ed' + 'ff' * 30 + '7f'),
        ('2^255 - 1', 'ff' * 31 + '7f'),
        ('identity with the sign bit', '01' + '00' * 30 + '80'),
    ]:
        cases.append(('identity-key', 'sign ' + what, announce(sign=key, wanted=tags(key))))
    cases += [
        ('identity-key', 'wrong key and no tag', announce(encrypt='00' * 32, wanted=[])),
        ('identity-tag', 'no tags', announce(wanted=[])),
        ('identity-tag', 'the tag of another key', announce(wanted=tags(two))),
        ('identity-tag', 'the key itself as the tag', announce(wanted=[ONE.sign])),
        ('identity-tag', 'no tag and another sender', announce(seed=TWO.seed, wanted=[])),
        ('identity-sender', 'sent by another key', announce(seed=TWO.seed, wanted=good)),
        (
            'identity-sender',
            'sent by another key, recovery of its own',
            announce(seed=TWO.seed, recovery=own),
        ),
        ('identity-sender', 'sign that is no point', announce(sign=NOT_A_POINT, wanted=tags(NOT_A_POINT))),
        ('identity-recovery', 'commitment to the key itself', announce(recovery=own)),
    ]
    return cases


def _refused_rotations() -> list:
    one, two, none = ONE.sign.hex(), TWO.sign.hex(), '00' * 32
    needed = ('card', 'encrypt', 'from', 'sign')
    cases = [
        ('identity-members', name + ' missing', rotate(**{name: ..., 'proof': b64(bytes(64))}))
        for name in needed
    ]
    commit = {
        name: keys.recovery_commitment(person.sign).hex() for name, person in (('one', ONE), ('two', TWO))
    }
    other_kind = identity.consent_bytes
    body = rotate().head['body']
    cases += [
        ('identity-members', 'proof missing', rotate(consent=None)),
        ('identity-members', 'surplus member', rotate(name='x')),
        ('identity-value', 'recovery null', rotate(recovery=None)),
        ('identity-value', 'from too short', rotate(**{'from': '00', 'proof': b64(bytes(64))})),
        ('identity-value', 'proof of 63 bytes', rotate(proof=b64(bytes(63)))),
        ('identity-value', 'proof of 65 bytes', rotate(proof=b64(bytes(65)))),
        ('identity-value', 'proof in hexadecimal', rotate(proof='00' * 64)),
        ('identity-value', 'proof empty', rotate(proof='')),
        ('identity-value', 'proof without padding', rotate(proof=b64(bytes(64)).rstrip('='))),
        ('identity-value', 'proof with unused bits', rotate(proof=b64(bytes(64))[:-3] + 'B==')),
        ('identity-value', 'proof null', rotate(proof=None)),
        ('identity-key', 'sign of small order', rotate(sign=none, wanted=tags(one, none))),
        ('identity-key', 'from of small order', rotate(**{'from': none, 'wanted': tags(none, two)})),
        ('identity-key', 'encrypt of small order', rotate(encrypt=X_SMALL)),
        ('identity-tag', 'no tag of from', rotate(wanted=tags(two))),
        ('identity-tag', 'no tag of sign', rotate(wanted=tags(one))),
        ('identity-tag', 'no tags, and sender wrong', rotate(seed=RECOVERY.seed, wanted=[])),
        ('identity-sender', 'another sender without recovery', rotate(seed=RECOVERY.seed)),
        ('identity-sender', 'the new key as sender, without recovery', rotate(seed=TWO.seed)),
        ('identity-sender', 'sender is from, with recovery', rotate(recovery=COMMITMENT)),
        ('identity-sender', 'sign is from', rotate(sign=one, wanted=tags(one), consent=ONE.seed)),
        ('identity-sender', 'recovery whose sender is sign', recover(seed=TWO.seed)),
        (
            'identity-sender',
            'recovery where sign is from',
            recover(sign=one, wanted=tags(one), consent=ONE.seed),
        ),
        ('identity-sender', 'sender and proof wrong', rotate(seed=RECOVERY.seed, proof=b64(bytes(64)))),
        ('identity-recovery', 'commitment to sign', recover(recovery=commit['two'])),
        ('identity-recovery', 'commitment to from', recover(recovery=commit['one'])),
        ('identity-recovery', 'commitment to the sender', recover(recovery=COMMITMENT)),
        (
            'identity-recovery',
            'commitment to sign, and proof wrong',
            recover(recovery=commit['two'], proof=b64(bytes(64))),
        ),
        ('identity-proof', 'zeros', rotate(proof=b64(bytes(64)))),
        ('identity-proof', 'signed by the old key', rotate(consent=ONE.seed)),
        ('identity-proof', 'signed by another key', rotate(consent=RECOVERY.seed)),
        ('identity-proof', 'sign that is no point', rotate(sign=NOT_A_POINT, wanted=tags(one, NOT_A_POINT))),
        ('identity-proof', 'consent to another card', rotate(card='11' * 32, proof=body['proof'])),
        (
            'identity-proof',
            'consent to another encrypt',
            rotate(encrypt=ONE.encrypt.hex(), proof=body['proof']),
        ),
        ('identity-proof', 'consent of a rotation in a recovery', recover(proof=body['proof'])),
    ]
    head = rotate().head
    for what, changed, kind in (
        ('another nonce', {**head, 'nonce': '11' * 16}, identity.CONSENT),
        ('another ledger', {**head, 'ledger': '11' * 32}, identity.CONSENT),
        ('the payload type of the rotation', head, identity.ROTATE),
    ):
        statement_bytes = other_kind(changed, ONE.sign)
        if kind != identity.CONSENT:
            members = {name: value for name, value in head['body'].items() if name != 'proof'}
            members.update({'ledger': head['ledger'], 'nonce': head['nonce'], 'sender': one})
            statement_bytes = env.pre_authentication(kind, canonical.write(members))
        cases.append(
            (
                'identity-proof',
                'consent with ' + what,
                rotate(proof=b64(ed25519.sign(TWO.seed, statement_bytes))),
            )
        )
    return cases


def _refused_revocations() -> list:
    one = ONE.sign.hex()
    return [
        ('identity-members', 'key missing', revoke(key=...)),
        ('identity-members', 'reason missing', revoke(reason=...)),
        ('identity-members', 'surplus member', revoke(name='x')),
        ('identity-members', 'since with lost', revoke(since=5)),
        ('identity-members', 'since with retired', revoke(reason='retired', since=5)),
        ('identity-members', 'since with left', revoke(reason='left', since=5)),
        ('identity-members', 'since with an unknown reason', revoke(reason='stolen', since=5)),
        ('identity-value', 'unknown reason', revoke(reason='stolen')),
        ('identity-value', 'reason null', revoke(reason=None)),
        ('identity-value', 'reason in upper case', revoke(reason='Lost')),
        ('identity-value', 'key too long', revoke(key='00' * 33)),
        ('identity-value', 'since null', revoke(reason='compromised', since=None)),
        ('identity-value', 'since below 0', revoke(reason='compromised', since=-1)),
        ('identity-value', 'since after the year 9999', revoke(reason='compromised', since=MAX_TIME + 1)),
        ('identity-value', 'since as a string', revoke(reason='compromised', since='5')),
        ('identity-key', 'key of small order', revoke(key='00' * 32, wanted=tags('00' * 32))),
        ('identity-tag', 'no tag', revoke(wanted=[])),
        ('identity-tag', 'tag of the sender', revoke(seed=RECOVERY.seed, wanted=tags(RECOVERY.sign.hex()))),
        ('identity-tag', 'tag of another key', revoke(key=TWO.sign.hex(), wanted=tags(one))),
    ]


def _refused_statements() -> list:
    made = []
    for group, cases in (
        ('announcement', _refused_announcements()),
        ('rotation', _refused_rotations()),
        ('revocation', _refused_revocations()),
    ):
        for code, name, leaf in cases:
            expect(code, identity.READERS[leaf.type], leaf)
            made.append({'name': f'{group}: {name}', 'code': code, 'leaf': leaf.bytes.hex()})
    return made


def card(**changes: object) -> dict:
    members = {
        'card': {'firm': 'Example & Sons', 'name': 'A. Example', 'role': 'Land Registrar'},
        'encrypt': ONE.encrypt.hex(),
        'ledger': LEDGER.hex(),
        'salt': fixed('identities salt').hex(),
        'sign': ONE.sign.hex(),
        'v': 1,
    }
    members.update(changes)
    return {name: value for name, value in members.items() if value is not ...}


def _cards() -> tuple:
    good, refused = [], []
    for name, members in (
        ('all texts', card()),
        ('no texts', card(card={})),
        ('a name alone', card(card={'name': '\U0001f4dc'})),
        (
            'texts of 200 characters',
            card(card={'firm': 'f' * 200, 'name': '\u65e5' * 200, 'role': '\U0001f4dc' * 200}),
        ),
    ):
        data = canonical.write(members)
        assert identity.read_card(data, LEDGER) == members
        commitment = identity.card_commitment(bytes.fromhex(members['salt']), members['card'])
        good.append({'name': name, 'card': members, 'bytes': data.hex(), 'commitment': commitment.hex()})
    inner = card()['card']
    cases = [('card-members', name + ' missing', card(**{name: ...})) for name in sorted(card())]
    cases += [
        ('json-too-long', '4,097 bytes', b' ' * 4097),
        ('json-syntax', 'white space', canonical.write(card()) + b'\n'),
        ('card-members', 'an array', b'[]'),
        ('card-members', 'null', b'null'),
        ('card-members', 'surplus member', card(extra=1)),
        ('card-members', 'surplus member and a wrong value', card(extra=1, v=2)),
        ('card-members', 'surplus text', card(card={**inner, 'phone': 'x'})),
        ('card-members', 'surplus text and a wrong text', card(card={'name': '', 'phone': 'x'})),
        ('card-value', 'v 2', card(v=2)),
        ('card-value', 'v 2 and a surplus text', card(v=2, card={'phone': 'x'})),
        ('card-value', 'card as an array', card(card=[])),
        ('card-value', 'card null', card(card=None)),
        ('card-value', 'card as a string', card(card='A. Example')),
        ('card-value', 'empty name', card(card={'name': ''})),
        ('card-value', 'name null', card(card={'name': None})),
        ('card-value', 'name of 201 characters', card(card={'name': 'x' * 201})),
        ('card-value', 'name with a newline', card(card={'name': 'a\nb'})),
        ('card-value', 'role with U+202E', card(card={'role': 'a\u202eb'})),
        ('card-value', 'firm of spaces', card(card={'firm': '  '})),
        ('card-value', 'firm with U+200B', card(card={'firm': 'Example\u200b'})),
        ('card-value', 'salt of 31 bytes', card(salt='00' * 31)),
        ('card-value', 'salt in base64', card(salt=b64(bytes(32)))),
        ('card-value', 'ledger in upper case', card(ledger='AA' * 32)),
        ('card-value', 'sign null', card(sign=None)),
        ('card-key', 'sign of small order', card(sign='00' * 32)),
        ('card-key', 'encrypt of small order', card(encrypt=X_SMALL)),
        ('card-key', 'key of small order, another ledger', card(sign='00' * 32, ledger='11' * 32)),
        ('card-ledger', 'another ledger', card(ledger='11' * 32)),
    ]
    for code, name, members in cases:
        data = members if isinstance(members, bytes) else canonical.write(members)
        expect(code, identity.read_card, data, LEDGER)
        refused.append({'name': name, 'code': code, 'bytes': packed(data)})
    return good, refused


def _safety() -> tuple:
    sides = [(LEDGER, person.sign, person.encrypt) for person in (ONE, TWO, RECOVERY)]
    other = (fixed('another ledger'), TWO.sign, TWO.encrypt)
    good, refused = [], []

    def side(value: tuple) -> dict:
        return dict(zip(('ledger', 'sign', 'encrypt'), (part.hex() for part in value)))

    for name, a, b in (
        ('one and two', sides[0], sides[1]),
        ('two and one', sides[1], sides[0]),
        ('two and three', sides[1], sides[2]),
        ('the same signing key, other encryption keys', sides[0], (LEDGER, ONE.sign, TWO.encrypt)),
    ):
        good.append({'name': name, 'sides': [side(a), side(b)], **identity.safety_number(a, b)})
    for number in range(40):
        a, b = ((LEDGER, fixed(f'safety {number} {end}'), fixed(f'safety {number} x {end}')) for end in 'ab')
        found = identity.safety_number(a, b)
        # The first numbers with a group that begins with a zero, one of four zeros being too rare to wait for.
        if any(group.startswith('00') for group in found['groups']):
            good.append({'name': f'leading zeros {number}', 'sides': [side(a), side(b)], **found})
    for code, name, a, b in (
        ('safety-same', 'the same side twice', sides[0], sides[0]),
        ('safety-ledger', 'two ledgers', sides[0], other),
        ('safety-ledger', 'two ledgers, the same keys', sides[1], other),
    ):
        expect(code, identity.safety_number, a, b)
        refused.append({'name': name, 'code': code, 'sides': [side(a), side(b)]})
    return good, refused


def vectors() -> dict:
    typed, refused_words = _typed()
    cards, refused_cards = _cards()
    safety, refused_safety = _safety()
    limits = {'headBytes': 65535, 'dataBytes': 16777216}
    changed = []
    for name, leaf in (('rotation', rotate()),):

        def judge(data: bytes) -> None:
            found = env.parse_leaf(data)
            env.verify(found, LEDGER, limits, b'')

        changed.append(
            {
                'name': name,
                'leaf': leaf.bytes.hex(),
                'ledger': LEDGER.hex(),
                'sweep': sweep(leaf.bytes, judge, (0x01,)),
            }
        )
    return {
        'spec': 'docs/spec/identities.md',
        'words': _words(),
        'typedWords': typed,
        'refusedWords': refused_words,
        'derived': [
            {
                'name': person.name,
                'signing': person.sign.hex(),
                'recoveryCommitment': keys.recovery_commitment(person.sign).hex(),
                'statusTag': keys.status_tag(person.sign).hex(),
            }
            for person in (ONE, TWO, RECOVERY)
        ],
        'ledger': LEDGER.hex(),
        'statements': _statements(),
        'refusedStatements': _refused_statements(),
        'changed': changed,
        'cards': cards,
        'refusedCards': refused_cards,
        'safetyNumbers': safety,
        'refusedSafetyNumbers': refused_safety,
    }
