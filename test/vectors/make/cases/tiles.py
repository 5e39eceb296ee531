"""tiles.json: paths of tiles and bundles, what a size demands, contents."""

from __future__ import annotations

from countersign import merkle, tiles
from countersign.common import MAX_INTEGER

from ._render import cuts, expect, fixed

PATHS = (
    (0, 0, 256),
    (0, 0, 1),
    (0, 5, 255),
    (1, 999, 256),
    (2, 1000, 17),
    (3, 1234067, 256),
    (6, 999999, 100),
    (0, 1000000, 256),
    (0, 123456789012, 9),
    (0, 35184372088831, 255),
    (63, 0, 2),
    ('entries', 0, 256),
    ('entries', 273, 112),
    ('entries', 1234067, 255),
)

REFUSED = (
    '',
    'checkpoint',
    'tile',
    'tile/',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/x000/001',
    'tile/0/x01/067',
    'tile/0/001/067',
    'tile/0/x001/x067',
    'tile/0/x001',
    'tile/0/x001/',
    'tile/0/X001/067',
    'tile/0/x001//067',
    'tile/0/-01',
    'tile/0/0x1',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/100/000',
    'tile/-1/000',
    'tile/a/000',
    'tile//000',
    'tile/data/000',
    'tile/Entries/000',
    'tile/0/000.p/0',
    'tile/0/000.p/00',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/257',
    'tile/0/000.p/1000',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000.p/-1',
    'tile/0/000.p/1/',
    'tile/0/000.p/1.p/1',
    'tile/0/000/p/1',
    'tile/0/000P/1',
    'tile/0/000 ',
    ' tile/0/000',
    '/tile/0/000',
    './tile/0/000',
    'tile/0/../0/000',
    'tile/0/000\n',
    'tile/0/\uff10\uff10\uff10',
    'Tile/0/000',
    'tiles/0/000',
    'tile/entries/0',
    'tile/entries/000.p/256',
)

SIZES = (
    0,
    1,
    2,
    255,
    256,
    257,
    511,
    512,
    65535,
    65536,
    65537,
    70000,
    16777216,
    16777217,
    2**32,
    2**40 + 1,
    MAX_INTEGER,
)


def _bundles() -> list:
    cases = []
    for name, entries in (
        ('one entry', [b'entry']),
        ('one empty entry', [b'']),
        ('three entries', [b'one', b'', fixed('tiles entry', 300)]),
        ('255 empty entries', [b''] * 255),
        ('256 entries', [bytes([number]) for number in range(256)]),
    ):
        data = tiles.compose_bundle(entries)
        assert tiles.parse_bundle(data, len(entries)) == entries
        cases.append(
            {
                'name': name,
                'width': len(entries),
                'entries': [item.hex() for item in entries],
                'bundle': data.hex(),
            }
        )
    return cases


def _refused_bundles() -> list:
    good = tiles.compose_bundle([b'one', b'two'])
    cases = []
    for name, data, width in (
        ('nothing', b'', 1),
        ('one entry where two are', good, 1),
        ('three entries where two are', good, 3),
        ('a byte more', good + b'\x00', 2),
        ('a byte fewer', good[:-1], 2),
        ('length cut', good + b'\x00', 3),
        ('an empty entry more', good + b'\x00\x00', 2),
        ('an entry longer than what is left', b'\xff\xffabc', 1),
    ):
        expect('tile-bundle-malformed', tiles.parse_bundle, data, width)
        cases.append({'name': name, 'code': 'tile-bundle-malformed', 'width': width, 'bundle': data.hex()})
    return cases


def _tiles() -> list:
    hashes = [fixed(f'tiles hash {number}') for number in range(3)]
    cases = []
    for name, width, data in (
        ('three hashes', 3, b''.join(hashes)),
        ('a byte fewer', 3, b''.join(hashes)[:-1]),
        ('a byte more', 3, b''.join(hashes) + b'\x00'),
        ('a hash fewer', 4, b''.join(hashes)),
        ('a hash more', 2, b''.join(hashes)),
        ('nothing', 1, b''),
    ):
        code = None if name == 'three hashes' else 'tile-length'
        expect(code, tiles.parse_tile, data, width)
        cases.append({'name': name, 'code': code or 'ok', 'width': width, 'tile': data.hex()})
    return cases


def _edges() -> list:
    """Right edges of trees whose leaf i is the decimal text of i, and the roots that follow from them."""
    tree = merkle.Tree.of([b'%d' % number for number in range(70000)])
    cases = []
    for size in (0, 1, 2, 3, 255, 256, 257, 300, 511, 512, 65535, 65536, 65537, 70000):
        part = merkle.Tree(tree.hashes[:size])
        edge = []
        for level, n, hashes in tiles.edge(part):
            shown = [item.hex() for item in hashes] if len(hashes) <= 20 else None
            edge.append({'level': level, 'n': n, 'width': len(hashes), 'hashes': shown})
        cases.append({'size': size, 'root': part.root().hex(), 'edge': edge})
    return cases


def vectors() -> dict:
    paths = []
    for level, n, width in PATHS:
        path = tiles.path(level, n, width)
        assert tiles.parse_path(path) == (level, n, width)
        paths.append({'level': level, 'n': n, 'width': width, 'path': path})
    for path in REFUSED:
        expect('tile-path', tiles.parse_path, path)
    demanded = []
    for size in SIZES:
        runs = [
            {'level': level, 'first': a, 'last': b, 'width': w} for level, a, b, w in tiles.demanded(size)
        ]
        demanded.append({'size': size, 'files': runs})
    whole = tiles.compose_bundle([b'one', b'', b'three'])
    cut = {'bundle': whole.hex(), 'width': 3, 'cuts': cuts(whole, lambda data: tiles.parse_bundle(data, 3))}
    return {
        'spec': 'docs/spec/tiles.md',
        'paths': paths,
        'refusedPaths': [{'code': 'tile-path', 'path': path} for path in REFUSED],
        'demanded': demanded,
        'bundles': _bundles(),
        'refusedBundles': _refused_bundles(),
        'prefixes': [cut],
        'tiles': _tiles(),
        'edges': _edges(),
    }
