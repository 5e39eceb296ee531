"""channel-keys.json: names, size steps, what is drawn, the key schedule, and secretbox."""

from __future__ import annotations

from countersign import channel, sealed, secretbox

from ._channel import ANN, BOB, CHANNEL, LEDGER, TRANSACTION
from ._render import fixed

STEPS = (0, 1, 255, 256, 257, 512, 513, 1023, 1024, 1025, 1280, 1281, 2047, 2048, 2049, 2560, 2561, 65535, 65536, 65537)
LARGE = (14680064, 14680065, 67108864, 67108865, 4294967295, 4294967296)


def _names() -> list:
    made = []
    for number in range(3):
        ledger, key, salt = (fixed('channel names %s %d' % (what, number)) for what in ('ledger', 'key', 'salt'))
        transaction = channel.transaction_id(ledger, key, salt)
        made.append(
            {
                'ledger': ledger.hex(),
                'key': key.hex(),
                'salt': salt.hex(),
                'transaction': transaction.hex(),
                'transactionTag': channel.transaction_tag(ledger, transaction).hex(),
                'channel': channel.channel_id(ledger, transaction, key, salt).hex(),
                'inboxTag': channel.inbox_tag(ledger, key).hex(),
            }
        )
    return made


def _schedule(number: int, previous: bytes) -> dict:
    secret, salt, sender = (fixed('channel schedule %s %d' % (what, number)) for what in ('secret', 'salt', 'sender'))
    root, epoch = fixed('channel schedule root'), fixed('channel schedule epoch')
    keys = channel.Epoch(secret, [LEDGER, TRANSACTION, CHANNEL, previous, ANN.sign])
    ctx = [LEDGER, TRANSACTION, CHANNEL, epoch, sender, sealed.SEALED]
    message_key = keys.message_key(ctx, salt)
    box = sealed.box_of(message_key, ctx, salt)
    document = sealed.document_keys(secret, [LEDGER, TRANSACTION, CHANNEL, sender])
    return {
        'secret': secret.hex(),
        'previous': previous.hex(),
        'author': ANN.sign.hex(),
        'commitment': keys.commitment.hex(),
        'tag': keys.tag.hex(),
        'member': BOB.sign.hex(),
        'memberSalt': keys.member_salt(BOB.sign).hex(),
        'root': root.hex(),
        'rosterBox': [part.hex() for part in keys.roster_box(root)],
        'epoch': epoch.hex(),
        'sender': sender.hex(),
        'joined': keys.joined(epoch, sender).hex(),
        'salt': salt.hex(),
        'messageKey': message_key.hex(),
        'messageBox': [part.hex() for part in box],
        'documentKeys': [part.hex() for part in document],
    }


def _boxes() -> list:
    made = []
    for length in (0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 300):
        key, nonce = fixed('secretbox key %d' % length), fixed('secretbox nonce %d' % length, 24)
        plain = fixed('secretbox plain %d' % length, length)
        box = secretbox.seal(key, nonce, plain)
        assert secretbox.open_box(key, nonce, box) == plain
        case = {'length': length, 'key': key.hex(), 'nonce': nonce.hex()}
        made.append({**case, 'plain': plain.hex(), 'box': box.hex()})
    return made


def vectors() -> dict:
    padded = [{'bytes': data.hex(), 'padded': channel.padded(data).hex()} for data in (b'', b'a', bytes(252), bytes(253))]
    good = channel.padded(b'abc')
    refused = []
    for name, data in (
        ('nothing', b''),
        ('three bytes', good[:3]),
        ('one step more', good + bytes(256)),
        ('one byte fewer', good[:-1]),
        ('another byte than zero at the end', good[:-1] + b'\x01'),
        ('another byte than zero behind the text', good[:7] + b'\x01' + good[8:]),
        ('a length beyond the end', b'\x00\x00\x01\x00' + good[4:]),
        ('the largest length', b'\xff\xff\xff\xff' + good[4:]),
    ):
        assert channel.unpadded(data) is None
        refused.append({'name': name, 'bytes': data.hex()})
    drawn = []
    for purpose in ('epoch', 'message', 'document', 'wrap', 'letter'):
        for material in (b'', b'price 100', b'price 999'):
            local, random = fixed('channel drawn local'), fixed('channel drawn random')
            value = channel.fresh(local, random, purpose, material)
            case = {'purpose': purpose, 'local': local.hex(), 'random': random.hex(), 'material': material.hex()}
            drawn.append({**case, 'value': value.hex()})
    return {
        'spec': 'docs/spec/channels.md',
        'context': {'ledger': LEDGER.hex(), 'transaction': TRANSACTION.hex(), 'channel': CHANNEL.hex()},
        'names': _names(),
        'steps': [[length, channel.step(length)] for length in STEPS + LARGE],
        'padded': padded,
        'refusedPadded': refused,
        'drawn': drawn,
        'schedules': [_schedule(0, b''), _schedule(1, fixed('channel schedule previous'))],
        'boxes': _boxes(),
    }
