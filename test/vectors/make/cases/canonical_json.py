"""canonical-json.json: what the strict reader accepts, what it refuses and with which code, what the writer writes."""

from __future__ import annotations

from countersign import canonical
from countersign.common import MAX_INTEGER

from ._render import cuts, expect, packed, unpacked

LIMIT = 4096

VALUES = (
    ('null', None),
    ('true', True),
    ('false', False),
    ('zero', 0),
    ('minus one', -1),
    ('ten', 10),
    ('largest integer', MAX_INTEGER),
    ('smallest integer', -MAX_INTEGER),
    ('empty string', ''),
    ('string', 'agreement'),
    ('empty array', []),
    ('empty object', {}),
    ('mixed array', [None, True, False, 0, -7, 'x', [], {}, [[]], {'a': {}}]),
    (
        'names that objects of some languages inherit',
        {'__proto__': 1, 'constructor': {}, 'toString': None, 'valueOf': ''},
    ),
    ('empty name', {'': 0, 'a': 1}),
    ('a name that begins another', {'a': 1, 'aa': 2, 'ab': 3, 'b': 4}),
    ('upper case before lower case', {'B': 1, 'a': 2}),
    ('digits by code unit, not by value', {'1': 0, '10': 0, '2': 0}),
    ('quotes and backslashes', {'"': '"', '\\': '\\', 'a"b': 'c\\d'}),
    ('control characters as names', {chr(c): c for c in range(0x20)}),
    ('all control characters', ''.join(map(chr, range(0x20)))),
    ('delete and C1 characters stand for themselves', '\x7f\x80\x9f'),
    ('solidus stands for itself', '</script>'),
    ('line separators stand for themselves', '\u2028\u2029'),
    ('noncharacters', '\ufffe\uffff\U0010ffff'),
    ('byte order mark inside a string', ['\ufeff']),
    ('two, three and four bytes', '\u00e9\u0800\uffee\U00010000\U0001f4dc'),
    ('composed and decomposed are different names', {'e\u0301': 1, '\u00e9': 2}),
    ('UTF-16 order: a pair is below U+E000', {'\U0001f600': 1, '\ue000': 2, '\uffff': 3}),
    ('UTF-16 order: pairs among themselves', {'\U00010000': 1, '\U00010001': 2, '\U0010ffff': 3}),
    (
        'UTF-16 order: the RFC 8785 example',
        {
            '\u20ac': 'Euro Sign',
            '\r': 'Carriage Return',
            '\ufb33': 'Hebrew Letter Dalet With Dagesh',
            '1': 'One',
            '\U0001f600': 'Emoji: Grinning Face',
            '\u0080': 'Control',
            '\u00f6': 'Latin Small Letter O With Diaeresis',
        },
    ),
    ('a head', {'body': {}, 'ledger': '00' * 32, 'nonce': '11' * 16, 'tags': [], 'time': 1700000000, 'v': 1}),
)


def nested(depth: int, shape: str) -> bytes:
    if shape == 'arrays':
        return b'[' * depth + b']' * depth
    inner = b'{}'
    for _ in range(depth - 1):
        inner = b'{"a":' + inner + b'}' if shape == 'objects' or inner[:1] == b'[' else b'[' + inner + b']'
    return inner


REFUSED = (
    ('json-syntax', 'nothing', b''),
    ('json-syntax', 'white space before', b' null'),
    ('json-syntax', 'white space after', b'null '),
    ('json-syntax', 'newline after', b'null\n'),
    ('json-syntax', 'space after a colon', b'{"a": 1}'),
    ('json-syntax', 'space before a colon', b'{"a" :1}'),
    ('json-syntax', 'space after a comma', b'[1, 2]'),
    ('json-syntax', 'space in an empty array', b'[ ]'),
    ('json-syntax', 'tab in an object', b'{\t"a":1}'),
    ('json-syntax', 'no-break space', b'\xc2\xa0null'),
    ('json-syntax', 'comma at the end of an array', b'[1,]'),
    ('json-syntax', 'comma at the start of an array', b'[,1]'),
    ('json-syntax', 'two commas', b'[1,,2]'),
    ('json-syntax', 'comma at the end of an object', b'{"a":1,}'),
    ('json-syntax', 'comma at the start of an object', b'{,"a":1}'),
    ('json-syntax', 'missing comma in an array', b'["a""b"]'),
    ('json-syntax', 'missing comma in an object', b'{"a":"b""c":1}'),
    ('json-syntax', 'missing colon', b'{"a"1}'),
    ('json-syntax', 'missing value', b'{"a":}'),
    ('json-syntax', 'name without value', b'{"a"}'),
    ('json-syntax', 'name that is no string', b'{a:1}'),
    ('json-syntax', 'number as a name', b'{1:2}'),
    ('json-syntax', 'null as a name', b'{null:2}'),
    ('json-syntax', 'single quotes', b"'a'"),
    ('json-syntax', 'array closed as an object', b'[}'),
    ('json-syntax', 'object closed as an array', b'{"a":1]'),
    ('json-syntax', 'closing bracket alone', b']'),
    ('json-syntax', 'colon alone', b':'),
    ('json-syntax', 'two values', b'{}{}'),
    ('json-syntax', 'value after a value', b'null,null'),
    ('json-syntax', 'null byte after', b'{}\x00'),
    ('json-syntax', 'null byte', b'\x00'),
    ('json-syntax', 'word cut short', b'nul'),
    ('json-syntax', 'word too long', b'nulls'),
    ('json-syntax', 'upper-case word', b'True'),
    ('json-syntax', 'word with a changed letter', b'trux'),
    ('json-syntax', 'NaN', b'NaN'),
    ('json-syntax', 'Infinity', b'Infinity'),
    ('json-syntax', 'undefined', b'undefined'),
    ('json-syntax', 'plus sign', b'+1'),
    ('json-syntax', 'point first', b'.5'),
    ('json-syntax', 'comment', b'/**/1'),
    ('json-syntax', 'letter after a number', b'1x'),
    ('json-syntax', 'full-width digit', b'\xef\xbc\x91'),
    ('json-syntax', 'string without end', b'"abc'),
    ('json-syntax', 'quote alone', b'"'),
    ('json-syntax', 'end after a backslash', b'"\\'),
    ('json-syntax', 'end inside a unicode escape', b'"\\u00'),
    ('json-syntax', 'array without end', b'[1'),
    ('json-syntax', 'object without end', b'{"a":1'),
    ('json-number', 'minus zero', b'-0'),
    ('json-number', 'minus alone', b'-'),
    ('json-number', 'minus before a letter', b'-a'),
    ('json-number', 'two minus signs', b'--1'),
    ('json-number', 'leading zero', b'01'),
    ('json-number', 'two zeros', b'00'),
    ('json-number', 'minus and leading zero', b'-01'),
    ('json-number', 'fraction', b'1.5'),
    ('json-number', 'fraction of zero', b'1.0'),
    ('json-number', 'point last', b'1.'),
    ('json-number', 'exponent', b'1e5'),
    ('json-number', 'upper-case exponent', b'1E5'),
    ('json-number', 'exponent of zero', b'0e0'),
    ('json-number', 'exponent with a sign', b'1e+5'),
    ('json-number', 'exponent without digits', b'1e'),
    ('json-number', 'sum', b'1+1'),
    ('json-number', 'date', b'2024-01-01'),
    ('json-number', '2^53', b'9007199254740992'),
    ('json-number', '-2^53', b'-9007199254740992'),
    ('json-number', '2^53 + 1', b'9007199254740993'),
    ('json-number', 'seventeen digits', b'10000000000000000'),
    ('json-number', 'a hundred digits', b'9' * 100),
    ('json-number', 'in an array', b'[1,02]'),
    ('json-number', 'in an object', b'{"a":1.0}'),
    ('json-duplicate-name', 'same name twice', b'{"a":1,"a":2}'),
    ('json-duplicate-name', 'empty name twice', b'{"":1,"":2}'),
    ('json-duplicate-name', 'same name twice, one value', b'{"a":1,"a":1}'),
    ('json-duplicate-name', 'before the colon is missing', b'{"a":1,"a"'),
    ('json-duplicate-name', 'in an inner object', b'[{"x":{"a":1,"a":2}}]'),
    ('json-duplicate-name', '__proto__ twice', b'{"__proto__":1,"__proto__":2}'),
    ('json-unsorted', 'two names', b'{"b":1,"a":2}'),
    ('json-unsorted', 'a name after a longer one that it begins', b'{"aa":1,"a":2}'),
    ('json-unsorted', 'lower case before upper case', b'{"a":1,"B":2}'),
    ('json-unsorted', 'by value of digits', b'{"2":0,"10":0}'),
    ('json-unsorted', 'by code point instead of code unit', '{"\ue000":1,"\U0001f600":2}'.encode()),
    ('json-unsorted', 'the first name again, third', b'{"a":1,"b":2,"a":3}'),
    ('json-unsorted', 'before the colon is missing', b'{"b":1,"a"'),
    ('json-string', 'escaped solidus', b'"\\/"'),
    ('json-string', 'escaped letter', b'"\\a"'),
    ('json-string', 'vertical tab by \\v', b'"\\v"'),
    ('json-string', 'hexadecimal escape', b'"\\x41"'),
    ('json-string', 'single quote escaped', b'"\\\'"'),
    ('json-string', 'unicode escape of a letter', b'"\\u0041"'),
    ('json-string', 'unicode escape of a quote', b'"\\u0022"'),
    ('json-string', 'unicode escape of a newline', b'"\\u000a"'),
    ('json-string', 'unicode escape of a backspace', b'"\\u0008"'),
    ('json-string', 'unicode escape of DEL', b'"\\u007f"'),
    ('json-string', 'unicode escape in upper case', b'"\\u001F"'),
    ('json-string', 'unicode escape with an upper-case U', b'"\\U0000"'),
    ('json-string', 'lone high surrogate', b'"\\ud800"'),
    ('json-string', 'lone low surrogate', b'"\\udc00"'),
    ('json-string', 'surrogate pair', b'"\\ud83d\\ude00"'),
    ('json-string', 'unicode escape that is no number', b'"\\u00zz"'),
    ('json-string', 'unicode escape with a quote inside', b'"\\u00"}'),
    ('json-string', 'escape in a name', b'{"\\u0061":1}'),
    ('json-string', 'raw newline', b'"a\nb"'),
    ('json-string', 'raw tab', b'"\t"'),
    ('json-string', 'raw null', b'"\x00"'),
    ('json-string', 'raw U+001F', b'"\x1f"'),
    ('json-string', 'raw control character in a name', b'{"a\x01":1}'),
    ('json-not-utf8', 'byte order mark', b'\xef\xbb\xbf{}'),
    ('json-not-utf8', 'byte order mark alone', b'\xef\xbb\xbf'),
    ('json-not-utf8', 'UTF-16', b'\xff\xfe{\x00}\x00'),
    ('json-not-utf8', 'overlong solidus', b'"\xc0\xaf"'),
    ('json-not-utf8', 'overlong null', b'"\xc0\x80"'),
    ('json-not-utf8', 'overlong in three bytes', b'"\xe0\x80\xaf"'),
    ('json-not-utf8', 'overlong in four bytes', b'"\xf0\x80\x80\xaf"'),
    ('json-not-utf8', 'high surrogate', b'"\xed\xa0\x80"'),
    ('json-not-utf8', 'surrogate pair', b'"\xed\xa0\xbd\xed\xb8\x80"'),
    ('json-not-utf8', 'above U+10FFFF', b'"\xf4\x90\x80\x80"'),
    ('json-not-utf8', 'byte F5', b'"\xf5\x80\x80\x80"'),
    ('json-not-utf8', 'five bytes', b'"\xf8\x88\x80\x80\x80"'),
    ('json-not-utf8', 'byte FF', b'"\xff"'),
    ('json-not-utf8', 'continuation alone', b'"\x80"'),
    ('json-not-utf8', 'sequence cut by a quote', b'"\xe2\x82"'),
    ('json-not-utf8', 'sequence cut by the end', b'"\xe2\x82'),
    ('json-not-utf8', 'Latin-1', b'"caf\xe9"'),
    ('json-not-utf8', 'before an earlier fault of another kind', b'[1,\x01"\xff"]'),
    ('json-too-deep', 'seventeen arrays', nested(17, 'arrays')),
    ('json-too-deep', 'seventeen objects', nested(17, 'objects')),
    ('json-too-deep', 'seventeen in turn', nested(17, 'both')),
    ('json-too-deep', 'seventeen brackets never closed', b'[' * 17),
    ('json-too-deep', 'a thousand brackets', b'[' * 1000),
    ('json-too-deep', 'second member', b'[1,' + nested(16, 'arrays') + b']'),
)


def vectors() -> dict:
    values, accepted, refused = [], [], []
    for name, value in VALUES:
        data = canonical.write(value)
        assert canonical.read(data, LIMIT) == value
        values.append({'name': name, 'value': value, 'bytes': data.hex()})
    for shape in ('arrays', 'objects', 'both'):
        data = nested(16, shape)
        accepted.append({'name': f'sixteen deep: {shape}', 'bytes': data.hex(), 'limit': LIMIT})
    for name, data, limit in (
        ('as many bytes as are read', b'"' + b'a' * 98 + b'"', 100),
        ('one byte', b'0', 1),
        ('sixteen deep twice', b'[' + nested(15, 'arrays') + b',' + nested(15, 'objects') + b']', LIMIT),
        ('a long string', b'"' + b'x' * 60000 + b'"', 65535),
    ):
        accepted.append({'name': name, 'bytes': packed(data), 'limit': limit})
    for case in accepted:
        data = unpacked(case['bytes'])
        assert canonical.write(canonical.read(data, case['limit'])) == data
    for name, data, limit in (
        ('one byte more than is read', b'"' + b'a' * 99 + b'"', 100),
        ('too long and no JSON', b'\xff' * 11, 10),
        ('too long by white space', b'{}' + b' ' * 10, 11),
        ('nothing may be read', b'0', 0),
    ):
        code = expect('json-too-long', canonical.read, data, limit)
        refused.append({'name': name, 'code': code, 'bytes': data.hex(), 'limit': limit})
    for code, name, data in REFUSED:
        expect(code, canonical.read, data, LIMIT)
        refused.append({'name': name, 'code': code, 'bytes': packed(data), 'limit': LIMIT})
    whole = canonical.write({'a': [1, -20, {'b': 'c\nd\u00e9\x01'}, True], 'n': None})
    prefixes = {
        'bytes': whole.hex(),
        'limit': LIMIT,
        'cuts': cuts(whole, lambda data: canonical.read(data, LIMIT)),
    }
    return {
        'spec': 'docs/spec/encodings.md',
        'values': values,
        'accepted': accepted,
        'refused': refused,
        'prefixes': [prefixes],
    }
