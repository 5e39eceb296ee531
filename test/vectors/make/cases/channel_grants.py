"""channel-grants.json: letters, invitations and answers, grants, notices."""

from __future__ import annotations

from countersign import canonical, channel, ed25519, envelope, letter, sealed
from countersign.common import b64

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
    SECOND,
    THIRD,
    TIME,
    TRANSACTION,
    Person,
    cast,
    nonce,
    random,
)
from ._render import expect, fixed, packed, sweep
from .channel_messages import sealed_by, text
from .x25519 import small_u

TYPE = 'application/vnd.countersign.invitation.v1'
CONTEXT = (TYPE, LEDGER, ANN.sign)
SMALL = small_u()[0].to_bytes(32, 'little')
OTHER_CHANNEL = fixed('grants other channel')


def _letters() -> tuple:
    made, refused = [], []
    for name, plain in (('empty', b''), ('short', b'hello'), ('long', fixed('letter plain', 2000))):
        data = letter.seal(CONTEXT, EVE.member, plain, ANN.local, random('letter ' + name))
        assert letter.open_letter(CONTEXT, EVE.sign, EVE.secret, data) == plain
        made.append({'name': name, 'plain': plain.hex(), 'random': random('letter ' + name).hex(), 'letter': data.hex()})
    good = letter.seal(CONTEXT, EVE.member, b'hello', ANN.local, random('letter short'))
    whole = channel.padded(b'hello')

    def made_of(padding: bytes) -> bytes:
        return letter.seal(CONTEXT, EVE.member, b'hello', ANN.local, random('letter short'), padding)

    for code, name, data, context, who in (
        ('letter-form', 'nothing', b'', CONTEXT, EVE),
        ('letter-form', 'suite 2', b'\x02' + good[1:], CONTEXT, EVE),
        ('letter-form', 'one byte fewer', good[:-1], CONTEXT, EVE),
        ('letter-form', 'one byte more', good + b'\x00', CONTEXT, EVE),
        ('letter-form', 'no box', good[:81], CONTEXT, EVE),
        ('letter-key', 'an ephemeral key of small order', good[:1] + SMALL + good[33:], CONTEXT, EVE),
        ('letter-commitment', 'to another', good, CONTEXT, BOB),
        ('letter-commitment', 'of another author', good, (TYPE, LEDGER, BOB.sign), EVE),
        ('letter-commitment', 'in another ledger', good, (TYPE, OTHER_LEDGER, ANN.sign), EVE),
        ('letter-commitment', 'of another payload type', good, (letter.GRANT, LEDGER, ANN.sign), EVE),
        ('letter-commitment', 'another commitment', good[:33] + bytes(32) + good[65:], CONTEXT, EVE),
        ('letter-box', 'box changed', good[:-1] + bytes([good[-1] ^ 1]), CONTEXT, EVE),
        ('letter-box', 'one step more', good + bytes(256), CONTEXT, EVE),
        ('letter-box', 'padding: another byte than zero', made_of(whole[:-1] + b'\x01'), CONTEXT, EVE),
        ('letter-box', 'padding: the largest length', made_of(b'\xff' * 4 + whole[4:]), CONTEXT, EVE),
    ):
        expect(code, letter.open_letter, context, who.sign, who.secret, data)
        case = {'name': name, 'code': code, 'type': context[0], 'ledger': context[1].hex(), 'author': context[2].hex()}
        refused.append({**case, 'who': who.name, 'letter': data.hex()})
    runs = sweep(good, lambda data: letter.open_letter(CONTEXT, EVE.sign, EVE.secret, data), (0x01,))
    return made, refused, {'who': 'Eve', 'author': 'Ann', 'letter': good.hex(), 'sweep': runs}


def _sent(kind: str, tags: list, plain: bytes, label: str, body: dict | None = None, to: Person = EVE) -> tuple:
    data = letter.seal((kind, LEDGER, ANN.sign), to.member, plain, ANN.local, random(label))
    head = envelope.head_of(LEDGER, nonce(label), {} if body is None else body, tags, TIME)
    return envelope.compose(ANN.seed, kind, head, data), data


def _shown(made: tuple) -> dict:
    return {'leaf': made[0].bytes.hex(), 'data': packed(made[1])}


def _invitations() -> tuple:
    inbox = channel.inbox_tag(LEDGER, CAT.sign)
    base = {'channel': CHANNEL.hex(), 'epoch': EPOCHS[1].id.hex(), 'transaction': TRANSACTION.hex()}
    made, refused = [], []
    for name, content in (('plain', base), ('with texts', {**base, 'name': 'Sale of the mill', 'note': 'Please join.'})):
        one = _sent(letter.INVITATION, [inbox], canonical.write(content), 'invitation ' + name, to=CAT)
        assert letter.open_message(one[0], one[1], CAT.sign, CAT.secret) == content
        made.append({'name': name, 'sender': 'Ann', 'who': 'Cat', 'epoch': 1, 'random': random('invitation ' + name).hex(), 'nonce': nonce('invitation ' + name).hex(), 'time': TIME, 'content': content, **_shown(one)})

    def add(code: str, name: str, one: tuple, who: Person = CAT, absent: bool = False) -> None:
        expect(code, letter.open_message, one[0], None if absent else one[1], who.sign, who.secret)
        refused.append({'name': name, 'code': code, 'who': who.name, 'absent': absent, **_shown(one)})

    def sent(content: object, **more: object) -> tuple:
        plain = content if isinstance(content, bytes) else canonical.write(content)
        return _sent(letter.INVITATION, more.get('tags', [inbox]), plain, 'invitation bad', more.get('body'), CAT)

    add('invite-members', 'a member in the body', sent(base, body={'a': 1}))
    add('invite-tag', 'no tag', sent(base, tags=[]))
    add('invite-tag', 'for another', sent(base), BOB)
    add('invite-withheld', 'no data', sent(base), absent=True)
    add('letter-commitment', 'tagged for another key', sent(base, tags=[channel.inbox_tag(LEDGER, BOB.sign)]), BOB)
    add('json-syntax', 'no JSON', sent(b'hello'))
    add('invite-members', 'no epoch', sent({'channel': '00' * 32, 'transaction': '00' * 32}))
    add('invite-members', 'surplus', sent({**base, 'secret': '00' * 32}))
    add('invite-value', 'epoch too short', sent({**base, 'epoch': '00'}))
    add('invite-value', 'an empty name', sent({**base, 'name': ''}))
    return made, refused


def _card(person: Person, ledger: bytes = LEDGER) -> bytes:
    card = {'card': {'name': person.name}, 'encrypt': person.encrypt.hex(), 'ledger': ledger.hex(), 'salt': fixed(person.name + ' card').hex()}
    return canonical.write({**card, 'sign': person.sign.hex(), 'v': 1})


def _open_invitations() -> dict:
    token = fixed('invitation token')
    base = {'card': b64(_card(ANN)), 'invitation': 'countersign/invitation/v1', 'ledger': LEDGER.hex(), 'token': token.hex()}
    card = _card(EVE)

    def answer(**changes: object) -> bytes:
        inviter, ledger = changes.pop('inviter', ANN.sign.hex()), changes.pop('ledger', LEDGER)
        seed, raw, words = changes.pop('seed', EVE.seed), changes.pop('raw', card), changes.pop('signed_token', token.hex())
        signature = ed25519.sign(seed, letter.answer_bytes(raw, inviter, ledger, words))
        found = {'answer': 'countersign/invitation-answer/v1', 'card': b64(raw), 'signature': b64(signature), 'token': token.hex()}
        found.update(changes)
        return canonical.write({name: value for name, value in found.items() if value is not ...})

    invitations, refused, refused_answers = [], [], []
    for name, found in (('plain', base), ('with a note', {**base, 'note': 'Join us.'})):
        letter.read_open_invitation(canonical.write(found), LEDGER)
        invitations.append({'name': name, 'bytes': canonical.write(found).hex(), 'link': letter.link_of(canonical.write(found), 'invite'), 'note': found.get('note'), 'token': token.hex(), 'card': _card(ANN).hex()})
    for code, name, found in (
        ('invite-members', 'no token', {name: value for name, value in base.items() if name != 'token'}),
        ('invite-members', 'surplus', {**base, 'secret': ''}),
        ('invite-value', 'another format', {**base, 'invitation': 'countersign/invitation/v2'}),
        ('invite-value', 'token too short', {**base, 'token': '00'}),
        ('invite-value', 'card is no base64', {**base, 'card': '{}'}),
        ('invite-value', 'a card of 4,098 bytes', {**base, 'card': b64(bytes(4098))}),
        ('invite-value', 'an empty note', {**base, 'note': ''}),
        ('json-syntax', 'card is no JSON', {**base, 'card': b64(b'hello')}),
        ('card-members', 'card without members', {**base, 'card': b64(b'{}')}),
        ('card-ledger', 'a card of another ledger', {**base, 'card': b64(_card(ANN, OTHER_LEDGER))}),
        ('invite-ledger', 'another ledger', {**base, 'card': b64(_card(ANN, OTHER_LEDGER)), 'ledger': OTHER_LEDGER.hex()}),
    ):
        expect(code, letter.read_open_invitation, canonical.write(found), LEDGER)
        refused.append({'name': name, 'code': code, 'bytes': packed(canonical.write(found))})
    whole = canonical.write(base)
    for code, name, data in (
        ('invite-link', 'nothing', b''),
        ('invite-link', 'the link of an answer', letter.link_of(whole, 'answer').encode()),
        ('invite-link', 'a link with padding', letter.link_of(whole, 'invite').encode() + b'='),
        ('invite-link', 'a link with a character of base64', letter.link_of(whole, 'invite').encode() + b'+'),
        ('invite-link', 'the link of a card', letter.link_of(whole, 'contact').encode()),
        ('invite-link', 'no UTF-8', b'\xff' + whole),
        ('invite-link', 'more than 16,384 bytes', whole + b' ' * 16384),
        ('json-too-long', 'more than 8,192 bytes', b'{' + b' ' * 8191 + b'}'),
        ('json-syntax', 'a link of no JSON', letter.link_of(b'hello', 'invite').encode()),
    ):
        expect(code, letter.read_open_invitation, data, LEDGER)
        refused.append({'name': name, 'code': code, 'bytes': packed(data)})
    letter.read_open_invitation(b' \n' + letter.link_of(whole, 'invite').encode() + b'\n', LEDGER)
    good = answer()
    letter.read_answer(good, LEDGER, ANN.sign.hex(), token.hex())
    for code, name, data in (
        ('invite-members', 'no signature', answer(signature=...)),
        ('invite-members', 'surplus', answer(ledger_=LEDGER.hex())),
        ('invite-value', 'another format', answer(answer='countersign/invitation/v1')),
        ('invite-value', 'a signature of 63 bytes', answer(signature=b64(bytes(63)))),
        ('invite-token', 'another token', answer(token='00' * 32)),
        ('card-ledger', 'a card of another ledger', answer(raw=_card(EVE, OTHER_LEDGER))),
        ('invite-signature', 'signed by another key', answer(seed=BOB.seed)),
        ('invite-signature', 'signed for another inviter', answer(inviter=BOB.sign.hex())),
        ('invite-signature', 'signed for another ledger', answer(ledger=OTHER_LEDGER)),
        ('invite-signature', 'signed for another token', answer(signed_token='00' * 32)),
        ('invite-signature', 'the card exchanged', answer(card=b64(_card(BOB)))),
        ('invite-signature', 'zeros', answer(signature=b64(bytes(64)))),
    ):
        expect(code, letter.read_answer, data, LEDGER, ANN.sign.hex(), token.hex())
        refused_answers.append({'name': name, 'code': code, 'bytes': data.hex()})
    signed = letter.answer_bytes(card, ANN.sign.hex(), LEDGER, token.hex())
    runs = sweep(good, lambda data: letter.read_answer(data, LEDGER, ANN.sign.hex(), token.hex()), (0x01,))
    return {
        'openInvitations': invitations,
        'refusedOpenInvitations': refused,
        'answers': [{'seed': EVE.seed.hex(), 'card': card.hex(), 'signed': signed.hex(), 'bytes': good.hex(), 'link': letter.link_of(good, 'answer'), 'sweep': runs}],
        'refusedAnswers': refused_answers,
    }


def _item(number: int, announcement: tuple) -> dict:
    return {'channel': CHANNEL.hex(), 'epoch': EPOCHS[number].id.hex(), 'secret': announcement[2].secret.hex()}


def _grants() -> dict:
    one = sealed_by(ANN, 0, sealed.plaintext_of(*text('The price is 100.')), 'message a text')
    two = sealed_by(BOB, 0, sealed.plaintext_of(*text('Too much.')), 'message second text')
    far = sealed_by(CAT, 1, sealed.plaintext_of(*text('Hello.')), 'message third text')
    messages = []
    for number, made in ((0, one), (0, two), (1, far)):
        messages.append({'channel': CHANNEL.hex(), 'epoch': EPOCHS[number].id.hex(), 'key': made[2].hex(), 'message': made[0].id.hex()})
    messages.sort(key=lambda item: item['message'])
    epochs = sorted((_item(i, made) for i, made in enumerate((FIRST, SECOND, THIRD))), key=lambda item: item['epoch'])
    elsewhere = {**epochs[0], 'channel': OTHER_CHANNEL.hex()}
    base = {'epochs': [], 'grant': 'countersign/grant/v1', 'ledger': LEDGER.hex(), 'messages': [], 'transaction': TRANSACTION.hex()}
    period = {'from': 10, 'to': 20}
    good, refused = [], []
    for scope, more in (
        ('message', {'messages': messages[:1]}),
        ('period', {'messages': messages, 'period': period}),
        ('epoch', {'epochs': epochs[:1]}),
        ('channel', {'epochs': epochs}),
        ('transaction', {'epochs': [elsewhere, *epochs[1:]]}),
    ):
        data = canonical.write({**base, 'scope': scope, **more})
        letter.read_grant(data, LEDGER)
        good.append({'scope': scope, 'bytes': data.hex()})

    def add(code: str, name: str, **changes: object) -> None:
        found = {**base, 'scope': 'channel', 'epochs': epochs, **changes}
        data = canonical.write({key: value for key, value in found.items() if value is not ...})
        expect(code, letter.read_grant, data, LEDGER)
        refused.append({'name': name, 'code': code, 'bytes': data.hex()})

    add('grant-members', 'no scope', scope=...)
    add('grant-members', 'surplus', to='00' * 32)
    add('grant-value', 'another format', grant='countersign/grant/v2')
    add('grant-value', 'another scope', scope='all')
    add('grant-value', 'a secret too short', epochs=[{**epochs[0], 'secret': '00'}])
    add('grant-value', 'an epoch with more', epochs=[{**epochs[0], 'key': '00' * 32}])
    add('grant-value', 'a message without key', messages=[{**messages[0], 'secret': '00'}])
    add('grant-value', 'a period without end', period={'from': 1})
    add('grant-order', 'epochs descending', epochs=epochs[::-1])
    add('grant-order', 'an epoch twice', epochs=[epochs[0], epochs[0]])
    add('grant-order', 'messages descending', scope='period', epochs=[], messages=messages[::-1], period=period)
    add('grant-scope', 'a channel without epochs', epochs=[])
    add('grant-scope', 'a channel with a message', messages=messages[:1])
    add('grant-scope', 'a channel with a period', period=period)
    add('grant-scope', 'two channels as one', epochs=[elsewhere, *epochs[1:]])
    add('grant-scope', 'an epoch with two', scope='epoch')
    add('grant-scope', 'a message with two', scope='message', epochs=[], messages=messages[:2])
    add('grant-scope', 'a message with an epoch', scope='message', epochs=epochs[:1], messages=messages[:1])
    add('grant-scope', 'a period without messages', scope='period', epochs=[], period=period)
    add('grant-scope', 'a period that is not named', scope='period', epochs=[], messages=messages)
    add('grant-scope', 'a period the wrong way round', scope='period', epochs=[], messages=messages, period={'from': 2, 'to': 1})
    add('grant-scope', 'a transaction with a message', scope='transaction', messages=messages[:1])
    add('grant-ledger', 'another ledger', ledger=OTHER_LEDGER.hex())
    add('grant-scope', 'another ledger and no epochs', ledger=OTHER_LEDGER.hex(), epochs=[])
    shown = [{'epoch': number, **_shown(made)} for number, made in ((0, one), (0, two), (1, far))]
    return {'record': shown, 'grants': good, 'refusedGrants': refused, 'messages': messages, 'epochs': epochs}


def _grant_messages(grants: dict) -> tuple:
    inbox, tag = channel.inbox_tag(LEDGER, EVE.sign), channel.transaction_tag(LEDGER, TRANSACTION)
    plain = bytes.fromhex(grants['grants'][0]['bytes'])
    one = _sent(letter.GRANT, [inbox, tag], plain, 'grant')
    letter.open_message(one[0], one[1], EVE.sign, EVE.secret)
    good = {'sender': 'Ann', 'who': 'Eve', 'grant': plain.hex(), 'random': random('grant').hex(), 'nonce': nonce('grant').hex(), 'time': TIME, **_shown(one)}
    refused = []
    for code, name, made, who, absent in (
        ('grant-members', 'a member in the body', _sent(letter.GRANT, [inbox, tag], plain, 'grant', {'a': 1}), EVE, False),
        ('grant-tag', 'no inbox tag', _sent(letter.GRANT, [tag], plain, 'grant'), EVE, False),
        ('grant-tag', 'for another', one, BOB, False),
        ('grant-tag', 'no tag of the transaction', _sent(letter.GRANT, [inbox], plain, 'grant'), EVE, False),
        ('grant-tag', 'tag of another transaction', _sent(letter.GRANT, [inbox, channel.transaction_tag(LEDGER, OTHER_TRANSACTION)], plain, 'grant'), EVE, False),
        ('grant-withheld', 'no data', one, EVE, True),
        ('letter-commitment', 'the letter of another author', (envelope.compose(BOB.seed, letter.GRANT, one[0].head, one[1]), one[1]), EVE, False),
        ('json-syntax', 'no grant', _sent(letter.GRANT, [inbox, tag], b'hello', 'grant'), EVE, False),
    ):
        expect(code, letter.open_message, made[0], None if absent else made[1], who.sign, who.secret)
        refused.append({'name': name, 'code': code, 'who': who.name, 'absent': absent, **_shown(made)})
    return [good], refused


def _notices() -> tuple:
    tag = channel.transaction_tag(LEDGER, TRANSACTION)

    def one(tags: list, **changes: object) -> envelope.Leaf:
        body = {'epoch': EPOCHS[0].id.hex(), 'message': fixed('unreadable').hex(), **changes}
        body = {name: value for name, value in body.items() if value is not ...}
        return envelope.compose(BOB.seed, letter.UNREADABLE, envelope.head_of(LEDGER, nonce('notice'), body, tags, TIME))

    letter.read_notice(one([tag]), TRANSACTION)
    good = {'sender': 'Bob', 'epoch': 0, 'message': fixed('unreadable').hex(), 'nonce': nonce('notice').hex(), 'time': TIME, 'leaf': one([tag]).bytes.hex()}
    refused = []
    for code, name, leaf in (
        ('notice-members', 'no message', one([tag], message=...)),
        ('notice-members', 'why', one([tag], reason='padding')),
        ('notice-value', 'epoch too short', one([tag], epoch='00')),
        ('notice-tag', 'no tag', one([])),
        ('notice-tag', 'of another transaction', one([channel.transaction_tag(LEDGER, OTHER_TRANSACTION)])),
    ):
        expect(code, letter.read_notice, leaf, TRANSACTION)
        refused.append({'name': name, 'code': code, 'leaf': leaf.bytes.hex()})
    return [good], refused


def vectors() -> dict:
    letters, refused_letters, changed = _letters()
    invitations, refused_invitations = _invitations()
    grants = _grants()
    grant_messages, refused_grant_messages = _grant_messages(grants)
    notices, refused_notices = _notices()
    return {
        'spec': 'docs/spec/channels.md',
        **cast(),
        'letters': letters,
        'refusedLetters': refused_letters,
        'changedLetters': [changed],
        'invitations': invitations,
        'refusedInvitations': refused_invitations,
        **_open_invitations(),
        **grants,
        'grantMessages': grant_messages,
        'refusedGrantMessages': refused_grant_messages,
        'notices': notices,
        'refusedNotices': refused_notices,
    }
