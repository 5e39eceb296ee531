#!/usr/bin/env python3
"""Writes the test vectors of test/vectors, or with --check compares them with what it would write.

    python3 -B test/vectors/make/make.py [--check] [area ...]

Needs Python 3.9 or later and nothing else. Everything is derived from fixed labels: no clock, no randomness. The
exit code is 1 when --check finds a difference, or when a file of another generator is judged otherwise here; what
differs is printed.
"""

from __future__ import annotations

import importlib
import pathlib
import sys

from cases import _render as render

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent


def modules() -> dict:
    """The modules of cases/ by name: those that write a file and those that judge one of another generator."""
    names = sorted(path.stem for path in (HERE / 'cases').glob('*.py'))
    return {name: importlib.import_module('cases.' + name) for name in names if not name.startswith('_')}


def file_of(name: str) -> pathlib.Path:
    return OUT / (name.replace('_', '-') + '.json')


def main(arguments: list) -> int:
    found = modules()
    writers = {name: module.vectors for name, module in found.items() if hasattr(module, 'vectors')}
    judges = {
        name: module.disagreements for name, module in found.items() if hasattr(module, 'disagreements')
    }
    chosen = [name for name in arguments if name != '--check']
    unknown = [name for name in chosen if name not in writers and name not in judges]
    if unknown:
        print('unknown: %s; known: %s' % (' '.join(unknown), ' '.join([*writers, *judges])), file=sys.stderr)
        return 64
    checking, differ = '--check' in arguments, []
    for name in chosen or writers:
        if name not in writers:
            continue
        data = render.document(writers[name]()).encode('ascii')
        if not checking:
            file_of(name).write_bytes(data)
        elif not file_of(name).exists() or file_of(name).read_bytes() != data:
            differ.append(file_of(name).name)
    if checking and not chosen:
        made = {file_of(name) for name in [*writers, *judges]}
        differ += [
            path.name + ' (nothing makes it)' for path in sorted(OUT.glob('*.json')) if path not in made
        ]
    for name in chosen or judges:
        differ += judges[name](OUT) if name in judges else []
    for name in differ:
        print('differs: ' + name)
    if not differ:
        print('%s: %d areas' % ('as made' if checking else 'made', len(chosen or found)))
    return 1 if differ else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
