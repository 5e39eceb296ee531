"""RFC 6962 section 2.1 trees, by the recursive definitions of the RFC, and the proofs of docs/spec/tree.md."""

from __future__ import annotations

from .common import Refused, sha256


def leaf_hash(data: bytes) -> bytes:
    return sha256(b'\x00', data)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b'\x01', left, right)


def split(count: int) -> int:
    """The largest power of two below count."""
    return 1 << ((count - 1).bit_length() - 1)


class Tree:
    """A tree over leaf hashes that remembers the subtrees it has computed."""

    def __init__(self, hashes: list):
        self.hashes, self.known = list(hashes), {}

    @classmethod
    def of(cls, leaves: list) -> 'Tree':
        return cls([leaf_hash(leaf) for leaf in leaves])

    def mth(self, start: int, end: int) -> bytes:
        if end == start:
            return sha256()
        if end - start == 1:
            return self.hashes[start]
        if (start, end) not in self.known:
            middle = start + split(end - start)
            self.known[start, end] = node_hash(self.mth(start, middle), self.mth(middle, end))
        return self.known[start, end]

    def root(self, size: int | None = None) -> bytes:
        return self.mth(0, len(self.hashes) if size is None else size)

    def path(self, index: int, size: int | None = None) -> list:
        return self._path(index, 0, len(self.hashes) if size is None else size)

    def _path(self, m: int, start: int, end: int) -> list:
        if end - start == 1:
            return []
        middle = start + split(end - start)
        if m < middle:
            return self._path(m, start, middle) + [self.mth(middle, end)]
        return self._path(m, middle, end) + [self.mth(start, middle)]

    def consistency(self, old: int, new: int | None = None) -> list:
        new = len(self.hashes) if new is None else new
        return [] if old in (0, new) else self._subproof(old, 0, new, True)

    def _subproof(self, m: int, start: int, end: int, whole: bool) -> list:
        if start + m == end:
            return [] if whole else [self.mth(start, end)]
        k = split(end - start)
        if m <= k:
            return self._subproof(m, start, start + k, whole) + [self.mth(start + k, end)]
        return self._subproof(m - k, start + k, end, False) + [self.mth(start, start + k)]


MAX_SIZE = 2**63 - 1


def _check_hashes(*hashes: bytes) -> None:
    if any(len(item) != 32 for item in hashes):
        raise Refused('tree-hash-length')


def inclusion_length(index: int, size: int) -> int:
    inner = (index ^ (size - 1)).bit_length()
    return inner + bin(index >> inner).count('1')


def check_inclusion(leaf: bytes, index: int, size: int, proof: list, root: bytes) -> None:
    if not 0 <= size <= MAX_SIZE:
        raise Refused('tree-size')
    if not 0 <= index < size:
        raise Refused('tree-index')
    if len(proof) != inclusion_length(index, size):
        raise Refused('tree-proof-length')
    _check_hashes(leaf, root, *proof)
    if climb(leaf, index, size, list(proof)) != root:
        raise Refused('tree-root')


def climb(leaf: bytes, m: int, size: int, path: list) -> bytes:
    """The root along a path of the right length, by the RFC's recursion: the last hash belongs to the top split."""
    if size == 1:
        return leaf
    k = split(size)
    if m < k:
        return node_hash(climb(leaf, m, k, path[:-1]), path[-1])
    return node_hash(path[-1], climb(leaf, m - k, size - k, path[:-1]))


def consistency_length(m: int, n: int, whole: bool) -> int:
    if m == n:
        return 0 if whole else 1
    k = split(n)
    return 1 + (consistency_length(m, k, whole) if m <= k else consistency_length(m - k, n - k, False))


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: list) -> None:
    if not 0 <= old <= MAX_SIZE or not 0 <= new <= MAX_SIZE:
        raise Refused('tree-size')
    if old > new:
        raise Refused('tree-sizes-order')
    if len(proof) != (0 if old == 0 else consistency_length(old, new, True)):
        raise Refused('tree-proof-length')
    _check_hashes(old_root, new_root, *proof)
    if old == 0 and old_root != sha256():
        raise Refused('tree-old-root')
    if new == 0 and new_root != sha256():
        raise Refused('tree-root')
    if old == new and old_root != new_root:
        raise Refused('tree-old-root')
    if old in (0, new):
        return
    a, b = descend(old, new, True, old_root, list(proof))
    if b != new_root:
        raise Refused('tree-root')
    if a != old_root:
        raise Refused('tree-old-root')


def descend(m: int, n: int, whole: bool, old_root: bytes, proof: list) -> tuple:
    """The roots of the first m and of all n leaves, by the RFC's SUBPROOF read backwards."""
    if m == n:
        return (old_root, old_root) if whole else (proof[0], proof[0])
    k = split(n)
    if m <= k:
        a, b = descend(m, k, whole, old_root, proof[:-1])
        return a, node_hash(b, proof[-1])
    a, b = descend(m - k, n - k, False, old_root, proof[:-1])
    return node_hash(proof[-1], a), node_hash(proof[-1], b)


def cover(start: int, end: int) -> list:
    """The aligned perfect subtrees (start, end) that cover [start, end), as few as possible, left to right."""
    parts = []
    while start < end:
        width = 1
        while start % (2 * width) == 0 and start + 2 * width <= end:
            width *= 2
        parts.append((start, start + width))
        start += width
    return parts


def prefix_nodes(old: int, new: int) -> list:
    """The subtrees whose hashes make a prefix proof."""
    return cover(0, old) + cover(old, new)


def fold(parts: list) -> bytes:
    """The root of the tree over these adjacent subtrees: (start, end, hash), the first at 0."""
    if not parts:
        return sha256()
    if len(parts) == 1:
        return parts[0][2]
    start, end = parts[0][0], parts[-1][1]
    middle = start + split(end - start)
    left = [part for part in parts if part[1] <= middle]
    return node_hash(fold(left), fold(parts[len(left) :]))


def check_prefix(old: int, new: int, new_root: bytes, nodes: list) -> bytes:
    """The root of the first `old` leaves."""
    if not 0 <= old <= MAX_SIZE or not 0 <= new <= MAX_SIZE:
        raise Refused('tree-size')
    if old > new:
        raise Refused('tree-sizes-order')
    ranges = prefix_nodes(old, new)
    if len(nodes) != len(ranges):
        raise Refused('tree-proof-length')
    _check_hashes(new_root, *nodes)
    parts = [(start, end, item) for (start, end), item in zip(ranges, nodes)]
    if fold(parts) != new_root:
        raise Refused('tree-root')
    return fold([part for part in parts if part[1] <= old])
