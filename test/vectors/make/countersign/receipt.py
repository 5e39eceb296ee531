"""Receipts of docs/spec/receipt.md."""

from __future__ import annotations

from . import canonical, envelope, header, merkle, note, promise, tagindex
from .common import Refused, is_integer, is_plain_text, sha256, unb64, unhex

FORMAT = 'countersign/receipt/v1'
MAX_RECEIPT = 8388608
MAX_LIST = 4 * 65536


def _form(condition: object) -> None:
    if not condition:
        raise Refused('receipt-format')


def _members(value: object, needed: set, optional: set = frozenset()) -> dict:
    _form(isinstance(value, dict) and needed <= set(value) <= needed | optional)
    return value


def _bytes(value: object, longest: int = MAX_RECEIPT) -> bytes:
    data = unb64(value)
    _form(data is not None and len(data) <= longest)
    return data


def _hash(value: object) -> bytes:
    data = unhex(value, 32)
    _form(data is not None)
    return data


def _path(value: object) -> list:
    _form(isinstance(value, list) and len(value) <= 64)
    return [_hash(item) for item in value]


def _number(value: object, high: int = 2**53 - 1) -> int:
    _form(is_integer(value, 0, high))
    return value


def _tag(value: object) -> dict:
    item = _members(value, {'list', 'presence'})
    presence = _members(item['presence'], {'index', 'leaf', 'path'})
    return {
        'list': _bytes(item['list'], MAX_LIST),
        'presence': {
            'index': _number(presence['index']),
            'leaf': _bytes(presence['leaf']),
            'path': _path(presence['path']),
        },
    }


def _place(value: object) -> dict:
    place = _members(value, {'block', 'checkpoint', 'message', 'tags'})
    block = _members(place['block'], {'header', 'height', 'path'})
    message = _members(place['message'], {'index', 'path'})
    _form(isinstance(place['checkpoint'], str))
    _form(isinstance(place['tags'], list) and len(place['tags']) <= 9)
    return {
        'block': (_bytes(block['header']), _number(block['height']), _path(block['path'])),
        'checkpoint': place['checkpoint'].encode('utf-8'),
        'message': (_number(message['index'], 2**32 - 1), _path(message['path'])),
        'tags': [_tag(item) for item in place['tags']],
    }


def parse(data: bytes) -> dict:
    """The parts of a receipt; nothing in it is judged."""
    needed = {'file', 'founding', 'leaf', 'ledger', 'receipt'}
    read = _members(canonical.read(data, MAX_RECEIPT), needed, {'place', 'promise'})
    file = _members(read['file'], {'hash', 'name', 'size'}, {'salt'})
    _form(is_plain_text(file['name'], 255) and read['receipt'] == FORMAT)
    _form(isinstance(read.get('promise', ''), str))
    return {
        'hash': _hash(file['hash']),
        'salt': _hash(file['salt']) if 'salt' in file else None,
        'size': _number(file['size']),
        'founding': _bytes(read['founding'], header.MAX_HEADER),
        'leaf': _bytes(read['leaf'], envelope.MAX_LEAF),
        'ledger': _hash(read['ledger']),
        'place': _place(read['place']) if 'place' in read else None,
        'promise': read['promise'].encode('utf-8') if 'promise' in read else None,
    }


def _as(code: str, judge, *arguments):
    """What a judge gives; whatever it refuses is refused with this code."""
    try:
        return judge(*arguments)
    except Refused:
        raise Refused(code) from None


def judge(data: bytes, ledger: bytes) -> dict:
    """What a receipt shows, to a reader who asks about this ledger."""
    receipt = parse(data)
    if receipt['ledger'] != ledger:
        raise Refused('receipt-ledger')
    if header.ledger_id(receipt['founding']) != ledger:
        raise Refused('receipt-founding')
    founding = _as('receipt-founding', header.parse, receipt['founding'])
    if founding['height'] != 0:
        raise Refused('receipt-founding')
    leaf = _as('receipt-message', envelope.parse_leaf, receipt['leaf'])
    _as('receipt-message', envelope.verify, leaf, ledger, founding['founding']['limits'], None)
    if leaf.type != envelope.RECORD_TYPE or leaf.head['v'] != 1:
        raise Refused('receipt-record')
    record = _as('receipt-record', envelope.read_record, leaf)
    salt = receipt['salt']
    if (record['method'] == 'salted') != (salt is not None):
        raise Refused('receipt-value')
    value = receipt['hash'] if salt is None else sha256(b'countersign/file/v1', salt, receipt['hash'])
    if value.hex() != record['value']:
        raise Refused('receipt-value')
    if receipt['promise'] is not None:
        key = note.parse_vkey(founding['founding']['promise'])
        promised = _as('receipt-promise', promise.open_promise, receipt['promise'], key, ledger)
        if promised['message'] != leaf.id:
            raise Refused('receipt-promise')
    shown = {'message': leaf.id, 'method': record['method'], 'hash': receipt['hash']}
    if receipt['place'] is None:
        return shown
    block, index, size = _judge_place(receipt['place'], leaf, founding['founding'], ledger)
    return {**shown, 'height': block['height'], 'index': index, 'time': block['time'], 'size': size}


def _judge_place(place: dict, leaf: envelope.Leaf, founding: dict, ledger: bytes) -> tuple:
    log = note.parse_vkey(founding['log'])
    checkpoint = _as('receipt-checkpoint', note.open_ledger_checkpoint, place['checkpoint'], log)
    data, height, path = place['block']
    arguments = (merkle.leaf_hash(data), height, checkpoint['size'], path, checkpoint['root'])
    _as('receipt-block', merkle.check_inclusion, *arguments)
    if not header.is_valid_at(data, height, ledger):
        raise Refused('receipt-block')
    block = header.parse(data)
    index, path = place['message']
    entry = {'index': index, 'leaf': leaf.bytes, 'path': path}
    _as('receipt-inclusion', tagindex.check_path, entry, block['messages'])
    if len(place['tags']) != len(leaf.tags):
        raise Refused('receipt-tags')
    for tag, item in zip(leaf.tags, place['tags']):
        parse_entry = lambda raw: tagindex.parse_entry(raw, height)  # noqa: E731
        found = _as('receipt-tags', tagindex.check_presence, item['presence'], block['tags'], tag, parse_entry)
        indices = _as('receipt-tags', tagindex.parse_list, item['list'], found)
        if index not in indices or (tag == leaf.id and found.own != index):
            raise Refused('receipt-tags')
    return block, index, checkpoint['size']


def compose(members: dict) -> bytes:
    return canonical.write({'receipt': FORMAT, **members})
