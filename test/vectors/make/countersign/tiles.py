"""Paths and contents of a log's files, docs/spec/tiles.md."""

from __future__ import annotations

import re

from . import merkle
from .common import Bytes, Refused, u16


def number(n: int) -> str:
    digits = str(n)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return '/'.join(['x' + group for group in groups[:-1]] + groups[-1:])


def path(level: object, n: int, width: int = 256) -> str:
    """The path of a tile, or of a bundle when `level` is 'entries'."""
    return 'tile/%s/%s' % (level, number(n)) + ('' if width == 256 else '.p/%d' % width)


_PATH = re.compile(
    r'tile/(0|[1-9][0-9]?|entries)/((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?', re.ASCII
)


def parse_path(text: str) -> tuple:
    """Level (or 'entries'), N and width."""
    match = _PATH.fullmatch(text)
    if match is None:
        raise Refused('tile-path')
    level = match[1] if match[1] == 'entries' else int(match[1])
    n = int(match[2].replace('x', '').replace('/', '') + match[3])
    width = int(match[4]) if match[4] else 256
    if (
        (level != 'entries' and level > 63)
        or width > 256
        or (match[4] and width > 255)
        or path(level, n, width) != text
    ):
        raise Refused('tile-path')
    return level, n, width


def demanded(size: int) -> list:
    """Runs of files that a size demands: (level or 'entries', first N, last N, width)."""
    files = []
    for level in range(7):
        hashes = size >> 8 * level
        runs = [(0, hashes // 256 - 1, 256), (hashes // 256, hashes // 256, hashes % 256)]
        for first, last, width in runs:
            if last >= first and width:
                files.append((level, first, last, width))
                if level == 0:
                    files.append(('entries', first, last, width))
    return files


def compose_bundle(entries: list) -> bytes:
    return b''.join(u16(len(entry)) + entry for entry in entries)


def parse_bundle(data: bytes, width: int) -> list:
    read = Bytes(data, 'tile-bundle-malformed')
    entries = [read.take(read.number(2)) for _ in range(width)]
    if read.left:
        raise Refused('tile-bundle-malformed')
    return entries


def parse_tile(data: bytes, width: int) -> list:
    if len(data) != 32 * width:
        raise Refused('tile-length')
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def edge(tree: merkle.Tree) -> list:
    """The partial tiles of a tree: (level, N, hashes)."""
    size, tiles = len(tree.hashes), []
    for level in range(7):
        count = size >> 8 * level
        step = 256**level
        if count % 256:
            first = count // 256 * 256
            hashes = [tree.mth(i * step, (i + 1) * step) for i in range(first, count)]
            tiles.append((level, count // 256, hashes))
    return tiles
