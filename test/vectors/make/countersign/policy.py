"""Policies and log proofs of docs/spec/notes.md."""

from __future__ import annotations

import re

from . import note
from .common import MAX_INTEGER, Refused, unb64

MOST = 64


class Policy:
    def __init__(self, data: bytes):
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        self._keys, self._ids, self._members = set(), set(), set()
        if len(data) > 65536:
            raise Refused('policy-too-long')
        if any(byte not in (9, 10) and not 0x20 <= byte <= 0x7E and byte < 0x80 for byte in data):
            raise Refused('policy-character')
        if data and data[-1] != 10:
            raise Refused('policy-unterminated')
        for line in data.split(b'\n')[:-1]:
            words = [word for word in re.split(rb'[ \t]+', line) if word]
            if words and not words[0].startswith(b'#'):
                self._line(words)
        if self.quorum is None:
            raise Refused('policy-quorum')

    def _line(self, words: list) -> None:
        readers = {
            b'log': (2, 3, self._log),
            b'witness': (3, 4, self._witness),
            b'group': (4, 2**16, self._group),
            b'quorum': (2, 2, self._quorum),
        }
        fewest, most, read = readers.get(words[0], (0, -1, None))
        if not fewest <= len(words) <= most:
            raise Refused('policy-line')
        read(words[1:])

    def _key(self, word: bytes, kind: int) -> note.Key:
        try:
            key = note.parse_vkey(word.decode('utf-8', 'strict'))
        except (Refused, UnicodeDecodeError):
            raise Refused('policy-key') from None
        if key.type != kind:
            raise Refused('policy-key')
        if key.key in self._keys or (key.name, key.id) in self._ids:
            raise Refused('policy-duplicate')
        self._keys.add(key.key)
        self._ids.add((key.name, key.id))
        return key

    def _name(self, word: bytes) -> bytes:
        """A name to be defined."""
        if word == b'none':
            raise Refused('policy-name')
        if word in self.witnesses or word in self.groups:
            raise Refused('policy-duplicate')
        return word

    def _defined(self, word: bytes) -> bytes:
        if word not in self.witnesses and word not in self.groups:
            raise Refused('policy-name')
        return word

    def _log(self, words: list) -> None:
        key = self._key(words[0], note.LOG)
        if len(self.logs) == MOST:
            raise Refused('policy-too-many')
        self.logs.append(key)

    def _witness(self, words: list) -> None:
        key = self._key(words[1], note.COSIGNER)
        if len(self.witnesses) == MOST:
            raise Refused('policy-too-many')
        self.witnesses[self._name(words[0])] = key

    def _group(self, words: list) -> None:
        name, threshold, members = words[0], words[1], words[2:]
        if len(self.groups) == MOST:
            raise Refused('policy-too-many')
        for member in members:
            if self._defined(member) in self._members:
                raise Refused('policy-member-twice')
            self._members.add(member)
        if threshold in (b'any', b'all'):
            k = 1 if threshold == b'any' else len(members)
        else:
            k = note.decimal(threshold.decode('latin-1'), len(members)) or 0
        if k == 0:
            raise Refused('policy-threshold')
        self.groups[self._name(name)] = (k, members)

    def _quorum(self, words: list) -> None:
        if self.quorum is not None:
            raise Refused('policy-quorum')
        self.quorum = words[0] if words[0] == b'none' else self._defined(words[0])

    def _time(self, name: bytes, times: dict) -> int | None:
        """When a witness or a group has witnessed, or None."""
        if name in self.witnesses:
            return times.get(name)
        k, members = self.groups[name]
        found = sorted((t for t in (self._time(m, times) for m in members) if t is not None), reverse=True)
        return found[k - 1] if len(found) >= k else None

    def judge(self, data: bytes, known: note.Key | None = None) -> dict:
        """The verdict on a checkpoint; with `known` (a log known from elsewhere) on one of that log alone."""
        logs = self.logs
        if known is None and not logs:
            raise Refused('policy-no-log')
        if known is not None:
            if logs and known.vkey not in [log.vkey for log in logs]:
                raise Refused('policy-log-not-listed')
            logs = [known]
        checkpoint, found = note.open_checkpoint(data, logs, list(self.witnesses.values()))
        names = {key.vkey: name for name, key in self.witnesses.items()}
        times = {names[key.vkey]: time for key, time in found if key.vkey in names}
        time = None if self.quorum == b'none' else self._time(self.quorum, times)
        met = self.quorum == b'none' or time is not None
        return {'met': met, 'time': time, 'witnesses': times, 'checkpoint': checkpoint}


FIRST_LINE = b'c2sp.org/tlog-proof@v1'


def compose_proof(index: int, path: list, checkpoint: bytes, extra: bytes | None = None) -> bytes:
    lines = [FIRST_LINE]
    if extra is not None:
        lines.append(b'extra ' + note.b64(extra).encode())
    lines.append(b'index %d' % index)
    lines += [note.b64(item).encode() for item in path]
    return b''.join(line + b'\n' for line in lines) + b'\n' + checkpoint


def parse_proof(data: bytes) -> dict:
    """The parts of a log proof; nothing is verified."""
    if len(data) > 2097152:
        raise Refused('proof-too-long')
    at = data.find(b'\n\n')
    if at < 0:
        raise Refused('proof-malformed')
    try:
        lines = data[:at].decode('utf-8', 'strict').split('\n')
    except UnicodeDecodeError:
        raise Refused('proof-malformed') from None
    if lines[0] != FIRST_LINE.decode():
        raise Refused('proof-malformed')
    rest, extra = lines[1:], None
    if rest and rest[0].startswith('extra '):
        extra = unb64(rest[0][len('extra ') :])
        if not extra:
            raise Refused('proof-extra')
        rest = rest[1:]
    if not rest or not rest[0].startswith('index '):
        raise Refused('proof-malformed')
    index = note.decimal(rest[0][len('index ') :], MAX_INTEGER)
    if index is None:
        raise Refused('proof-index')
    if len(rest) - 1 > 63:
        raise Refused('proof-malformed')
    path = [unb64(line) for line in rest[1:]]
    if any(item is None or len(item) != 32 for item in path):
        raise Refused('proof-hash')
    return {'index': index, 'extra': extra, 'path': path, 'checkpoint': data[at + 2 :]}
