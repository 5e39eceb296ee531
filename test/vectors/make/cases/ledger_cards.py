"""ledger-cards.json: what one must be told to join a ledger."""

from __future__ import annotations

from countersign import canonical, ledger_card, note
from countersign.common import MAX_INTEGER
from countersign.ledger import Ledger

from ._render import expect, fixed, packed, shown, sweep

MADE = Ledger(fixed, 'ledger cards')
OTHER = Ledger(fixed, 'other ledger cards')
WITNESS = note.Signer('witness.example', note.COSIGNER, fixed('ledger cards witness'))
PLAIN = {'endpoints': ['https://log.example/'], 'ledger': MADE.id.hex(), 'log': MADE.log.vkey, 'v': 1}
POLICY = 'log %s\nwitness w %s\nquorum w\n' % (MADE.log.vkey, WITNESS.vkey)

GOOD_ADDRESSES = (
    'https://log.example/',
    'http://127.0.0.1:8080/',
    'http://[::1]:80/',
    'https://[2001:db8::1]/',
    'https://[1:2:3:4:5:6:7:8]/',
    'https://[1:2:3:4:5:6:7::]/',
    'https://log.example:65535/',
    'https://a.b-c.d/e_f/~g/h.i/-/',
    'https://a/.well-known/x/',
    'https://a/.../',
    'https://xn--bcher-kva.example/',
    'https://1.2.3.a/',
    'https://0x.example/',
    'https://' + 'a' * 63 + '.b/',
    'https://a/' + 'b' * 244 + '/',
)
BAD_ADDRESSES = (
    '',
    'log.example',
    'https://',
    'https:///',
    'https://log.example',
    'https://log.example/x',
    'ftp://log.example/',
    'HTTPS://log.example/',
    'https://Log.example/',
    'https://log.example./',
    'https://.log.example/',
    'https://log..example/',
    'https://-log.example/',
    'https://log-.example/',
    'https://log_1.example/',
    'https://b\u00fccher.example/',
    'https://' + 'a' * 64 + '/',
    'https://user@log.example/',
    'https://user:word@log.example/',
    'https://log.example/?q/',
    'https://log.example/#f/',
    'https://log.example/%2e/',
    'https://log.example/./',
    'https://log.example/../',
    'https://log.example//',
    'https://log.example/a b/',
    'https://log.example\\x/',
    'https://log.example:/',
    'https://log.example:0/',
    'https://log.example:080/',
    'https://log.example:65536/',
    'https://log.example:123456/',
    'https://1.2.3/',
    'https://127.1/',
    'https://1.2.3.256/',
    'https://1.2.3.04/',
    'https://a.0x1f/',
    'https://a.0x/',
    'https://a.123/',
    'https://[]/',
    'https://[:]/',
    'https://[:::]/',
    'https://[::::]/',
    'https://[1::2::3]/',
    'https://[1:2:3:4:5:6:7]/',
    'https://[1:2:3:4:5:6:7:8:9]/',
    'https://[1:2:3:4::5:6:7:8]/',
    'https://[::12345]/',
    'https://[::A]/',
    'https://[::1.2.3.4]/',
    'https://[::1/',
    'https://log.example/\n',
    ' https://log.example/',
    'https://a/' + 'b' * 245 + '/',
)


def card(**members: object) -> bytes:
    """The plain card with other members; None leaves one out."""
    made = {**PLAIN, **members}
    return canonical.write({name: value for name, value in made.items() if value is not None})


def full(length: int) -> bytes:
    """A card of this many bytes, by comments in its policy."""
    policy = 'quorum none\n#'
    short = card(policy=policy + '\n')
    return card(policy=policy + 'x' * (length - len(short)) + '\n')


def _cards() -> list:
    cases = []
    for name, data in (
        ('plain', card()),
        ('several addresses', card(endpoints=list(GOOD_ADDRESSES[:8]))),
        ('a policy', card(policy=POLICY)),
        ('a policy that lists no log', card(policy='witness w %s\nquorum w\n' % WITNESS.vkey)),
        ('a policy that asks for nobody', card(policy='quorum none\n')),
        ('as long as a card can be', full(4096)),
    ):
        link = ledger_card.link_of(data)
        found = ledger_card.read(link.encode())
        assert ledger_card.read(data)['log'] == found['log']
        ledger_card.match(found, MADE.headers[0])
        case = {'name': name, 'card': data.decode(), 'link': link, 'origin': found['key'].name}
        case.update({key: found[key] for key in ('endpoints', 'ledger', 'log')})
        cases.append({**case, **({'policy': found['policy']} if 'policy' in found else {})})
    return cases


def _given() -> list:
    """What a person may give, with white space as copying leaves it."""
    data, cases = card(), []
    link = ledger_card.link_of(data).encode()
    for code, name, given in (
        ('ok', 'spaces and line breaks around a card', b' \t\r\n' + data + b'\x0b\x0c\r\n '),
        ('ok', 'a link in a line', link + b'\n'),
        ('ok', 'a byte order mark before it', '\ufeff'.encode() + data),
        ('ok', 'other spaces around a link', '\xa0\u2003\u3000'.encode() + link + '\u2028'.encode()),
        ('ok', 'as long as can be given', b' ' * (2 * ledger_card.MAX_LINK - len(data)) + data),
        ('ledger-link', 'a byte longer', b' ' * (2 * ledger_card.MAX_LINK + 1 - len(data)) + data),
        ('ledger-link', 'no UTF-8', b'\xff' + data),
        ('ledger-link', 'a next line sign is no white space', '\x85'.encode() + link),
        ('ledger-link', 'a zero-width space is none either', '\u200b'.encode() + link),
        ('ledger-link', 'nothing', b''),
        ('ledger-link', 'only white space', b' \n'),
        ('ledger-link', 'a link without a card', ledger_card.LINK.encode()),
        ('ledger-link', 'an upper-case scheme', link.replace(b'c', b'C', 1)),
        ('ledger-link', 'the link of a contact card', link.replace(b'ledger', b'contact', 1)),
        ('ledger-link', 'padding', link + b'='),
        ('ledger-link', 'a space inside', link[:40] + b' ' + link[40:]),
        ('ledger-link', 'a plus sign', link[:40] + b'+' + link[41:]),
        ('ledger-link', 'one character too many', ledger_card.LINK.encode() + b'QUJDR'),
        ('ledger-link', 'bits left over', ledger_card.LINK.encode() + b'QR'),
        ('ledger-link', 'a longer link', ledger_card.LINK.encode() + b'A' * 5463),
        ('json-syntax', 'a link whose card is none', ledger_card.link_of(b'card').encode()),
        ('json-syntax', 'an array', ledger_card.link_of(b'[').encode()),
        ('ledger-members', 'no object', ledger_card.link_of(b'[]').encode()),
        ('json-syntax', 'something after the card', data + b'x'),
    ):
        expect(None if code == 'ok' else code, ledger_card.read, given)
        cases.append({'name': name, 'code': code, 'given': packed(given)})
    return cases


def _refused() -> list:
    name_twice = 'witness w %s\nquorum none\n' % WITNESS.vkey.replace('witness.example', 'w')
    log_as_witness = note.Signer(MADE.log.name, note.COSIGNER, MADE.log.seed)
    foreign = note.Signer('a b', note.LOG, fixed('ledger cards foreign'))
    umlaut = note.Signer('b\u00fccher', note.LOG, fixed('ledger cards foreign'))
    made, cases = [], []
    made += [('json-too-long', 'a byte longer than a card can be', full(4097))]
    made += [('json-syntax', 'empty', b''), ('json-unsorted', 'members out of order', b'{"v":1,"log":"x"}')]
    made += [('json-syntax', 'a space after a comma', card().replace(b',', b', ', 1))]
    for member in PLAIN:
        made.append(('ledger-members', 'without ' + member, card(**{member: None})))
    made.append(('ledger-members', 'a member more', card(name='x')))
    for code, name, data in (
        ('ledger-value', 'version 2', card(v=2)),
        ('ledger-value', 'version 0', card(v=0)),
        ('ledger-value', 'a version that is a text', card(v='1')),
        ('ledger-value', 'a huge version', card(v=MAX_INTEGER)),
        ('ledger-value', 'an id that is too short', card(ledger=MADE.id.hex()[2:])),
        ('ledger-value', 'an id in upper case', card(ledger=MADE.id.hex().upper())),
        ('ledger-value', 'an id that is a number', card(ledger=1)),
        ('ledger-value', 'a key that is no text', card(log=[])),
        ('ledger-value', 'a policy that is no text', card(policy=1)),
        ('ledger-value', 'addresses that are a text', card(endpoints='https://log.example/')),
        ('ledger-value', 'an address that is a number', card(endpoints=[1])),
        ('ledger-value', 'nine addresses', card(endpoints=['https://a%d/' % n for n in range(9)])),
        ('ledger-value', 'nine bad addresses', card(endpoints=['x'] * 9)),
        ('ledger-key', 'no verifier key', card(log='key')),
        ('ledger-key', 'a changed key', card(log=MADE.log.vkey.replace('+A', '+B', 1))),
        ('ledger-key', 'the key of a witness', card(log=WITNESS.vkey)),
        ('ledger-key', 'a name with a space', card(log=foreign.vkey)),
        ('ledger-key', 'a name that is no origin', card(log=umlaut.vkey)),
        ('ledger-key', 'before a bad address', card(log='key', endpoints=[])),
        ('ledger-endpoint', 'no address', card(endpoints=[])),
        ('ledger-endpoint', 'an address twice', card(endpoints=['https://a/', 'https://b/', 'https://a/'])),
        ('ledger-endpoint', 'before a bad policy', card(endpoints=['x'], policy='x')),
        ('ledger-policy', 'an empty policy', card(policy='')),
        ('ledger-policy', 'no quorum', card(policy='log %s\n' % MADE.log.vkey)),
        ('ledger-policy', 'no line end', card(policy='quorum none')),
        ('ledger-policy', 'a changed key', card(policy=name_twice)),
        ('ledger-policy', 'another log', card(policy='log %s\nquorum none\n' % OTHER.log.vkey)),
        ('ledger-policy', 'the key of the log as a witness', card(policy='witness w %s\nquorum w\n' % log_as_witness.vkey)),
    ):
        made.append((code, name, data))
    for code, name, data in made:
        expect(code, ledger_card.parse, data)
        cases.append({'name': name, 'code': code, 'card': shown(data)})
    return cases


def _addresses() -> list:
    cases = []
    for code, addresses in (('ok', GOOD_ADDRESSES), ('ledger-endpoint', BAD_ADDRESSES)):
        for address in addresses:
            expect(None if code == 'ok' else code, ledger_card.parse, card(endpoints=[address]))
            cases.append({'code': code, 'address': address})
    return cases


def _founded() -> list:
    cases = []
    for code, name, data in (
        ('ok', 'its own ledger', card()),
        ('ledger-mismatch', 'another id', card(ledger=OTHER.id.hex())),
        ('ledger-mismatch', 'another key', card(log=OTHER.log.vkey)),
    ):
        expect(None if code == 'ok' else code, ledger_card.match, ledger_card.parse(data), MADE.headers[0])
        cases.append({'name': name, 'code': code, 'card': data.decode()})
    return cases


def vectors() -> dict:
    changed = card(policy='quorum none\n')
    return {
        'spec': 'docs/spec/ledger-card.md',
        'founding': MADE.headers[0].hex(),
        'cards': _cards(),
        'given': _given(),
        'addresses': _addresses(),
        'refused': _refused(),
        'founded': _founded(),
        'changed': [{'card': changed.decode(), 'sweep': sweep(changed, ledger_card.parse, ok=True)}],
    }
