"""tree.json: roots, inclusion, consistency and prefix proofs. Sizes and indices are decimal texts: some exceed 2^53."""

from __future__ import annotations

from countersign import merkle

from ._render import expect, fixed

LEAVES = [b''] + [fixed(f'tree leaf {number}', 1 + number % 40) for number in range(1, 300)]
TREE = merkle.Tree.of(LEAVES)
SMALL = 9
LARGE = (33, 256, 300)
ZERO = bytes(32)


def texts(hashes: list) -> list:
    return [item.hex() for item in hashes]


class Group:
    """Cases of one kind of proof: `judge` is the reader, `names` name its arguments."""

    def __init__(self, judge, *names: str):
        self.judge, self.names, self.cases = judge, names, []

    def add(self, code: str, name: str, *arguments: object, **more: object) -> None:
        expect(None if code == 'ok' else code, self.judge, *arguments)
        case = {'name': name, 'code': code}
        for key, value in zip(self.names, arguments):
            if isinstance(value, list):
                case[key] = texts(value)
            else:
                case[key] = value.hex() if isinstance(value, bytes) else str(value)
        self.cases.append({**case, **more})


def flipped(hashes: list, at: int) -> list:
    changed = list(hashes)
    changed[at] = bytes([changed[at][0] ^ 1]) + changed[at][1:]
    return changed


def _inclusions() -> list:
    group = Group(merkle.check_inclusion, 'leaf', 'index', 'size', 'proof', 'root')
    pairs = [(index, size) for size in range(1, SMALL) for index in range(size)]
    for size in LARGE:
        pairs += [(index, size) for index in sorted({0, 1, size // 2, size - 2, size - 1})]
    for index, size in pairs:
        group.add(
            'ok',
            f'{index} of {size}',
            TREE.hashes[index],
            index,
            size,
            TREE.path(index, size),
            TREE.root(size),
        )
    for index, size in ((0, 1), (0, 2), (2, 3), (4, 7), (6, 7), (299, 300)):
        leaf, proof, root, where = (
            TREE.hashes[index],
            TREE.path(index, size),
            TREE.root(size),
            f'{index} of {size}',
        )
        group.add('tree-root', where + ', another leaf', merkle.leaf_hash(b'other'), index, size, proof, root)
        group.add('tree-root', where + ', another root', leaf, index, size, proof, ZERO)
        group.add('tree-proof-length', where + ', a hash more', leaf, index, size, [*proof, ZERO], root)
        group.add('tree-index', where + ', index at the size', leaf, size, size, proof, root)
        group.add('tree-hash-length', where + ', root of 31 bytes', leaf, index, size, proof, root[:31])
        group.add(
            'tree-hash-length', where + ', leaf hash of 33 bytes', leaf + b'\x00', index, size, proof, root
        )
        for at in range(len(proof)):
            group.add(
                'tree-root', where + f', hash {at} changed', leaf, index, size, flipped(proof, at), root
            )
        if proof:
            short = [item[:31] if at == 0 else item for at, item in enumerate(proof)]
            group.add('tree-hash-length', where + ', a hash of 31 bytes', leaf, index, size, short, root)
            group.add('tree-proof-length', where + ', a hash fewer', leaf, index, size, proof[:-1], root)
            group.add('tree-proof-length', where + ', no hashes', leaf, index, size, [], root)
    group.add('tree-index', 'empty tree', ZERO, 0, 0, [], TREE.root(0))
    group.add('tree-root', 'left and right exchanged', TREE.hashes[0], 0, 2, [TREE.hashes[1]], TREE.mth(1, 3))
    pair = merkle.leaf_hash(TREE.hashes[0] + TREE.hashes[1])
    group.add('tree-root', 'the data of an inner node as a leaf', pair, 0, 2, [TREE.hashes[2]], TREE.root(3))
    group.add('ok', 'leaf 0 of 3 under the root of 4', TREE.hashes[0], 0, 4, TREE.path(0, 4), TREE.root(4))
    same = TREE.path(0, 3)
    group.add(
        'ok',
        'leaf 0 of 3, said to be of 4: a root does not say the size',
        TREE.hashes[0],
        0,
        4,
        same,
        TREE.root(3),
    )
    for index, size in (
        (0, 2**53),
        (2**53, 2**53 + 1),
        (2**53 - 1, 2**53 + 1),
        (2**62, 2**63 - 1),
        (2**63 - 2, 2**63 - 1),
        (123456789012345678, 1234567890123456789),
    ):
        proof = [fixed(f'tree large {number}') for number in range(merkle.inclusion_length(index, size))]
        leaf = fixed('tree large leaf')
        root = merkle.climb(leaf, index, size, list(proof))
        group.add('ok', f'{index} of {size}', leaf, index, size, proof, root)
        if proof:
            group.add('tree-root', f'{index} of {size}, changed', leaf, index, size, flipped(proof, -1), root)
    group.add('tree-size', 'size 2^63', ZERO, 0, 2**63, [ZERO] * 63, ZERO)
    group.add('tree-size', 'size below 0', ZERO, 0, -1, [], ZERO)
    group.add('tree-index', 'index below 0', ZERO, -1, 1, [], ZERO)
    return group.cases


def _consistencies() -> list:
    group = Group(merkle.check_consistency, 'old', 'new', 'oldRoot', 'newRoot', 'proof')
    pairs = [(old, new) for new in range(SMALL) for old in range(new + 1)]
    for new in LARGE:
        pairs += [(old, new) for old in sorted({1, 2, new // 3, new // 2, new - 1})]
    for old, new in pairs:
        group.add(
            'ok', f'{old} to {new}', old, new, TREE.root(old), TREE.root(new), TREE.consistency(old, new)
        )
    for old, new in ((1, 2), (2, 3), (4, 8), (3, 7), (6, 7), (100, 300)):
        first, second, proof, where = (
            TREE.root(old),
            TREE.root(new),
            TREE.consistency(old, new),
            f'{old} to {new}',
        )
        group.add('tree-root', where + ', another new root', old, new, first, ZERO, proof)
        code = 'tree-root' if old & (old - 1) == 0 else 'tree-old-root'
        group.add(code, where + ', another old root', old, new, ZERO, second, proof)
        group.add('tree-root', where + ', both roots other', old, new, ZERO, ZERO, proof)
        group.add('tree-proof-length', where + ', a hash more', old, new, first, second, [*proof, ZERO])
        group.add('tree-proof-length', where + ', a hash fewer', old, new, first, second, proof[:-1])
        group.add('tree-sizes-order', where + ', sizes exchanged', new, old, second, first, proof)
        group.add('tree-hash-length', where + ', old root of 31 bytes', old, new, first[:31], second, proof)
        group.add(
            'tree-hash-length',
            where + ', a hash of 33 bytes',
            old,
            new,
            first,
            second,
            [*proof[:-1], ZERO + b'\x00'],
        )
        for at in range(len(proof)):
            group.add(
                'tree-root', where + f', hash {at} changed', old, new, first, second, flipped(proof, at)
            )
    other = merkle.Tree.of([*LEAVES[:2], b'forked', *LEAVES[3:8]])
    proof = other.consistency(3, 8)
    group.add(
        'tree-old-root', 'a forked log: a true proof of the other', 3, 8, TREE.root(3), other.root(8), proof
    )
    empty = TREE.root(0)
    group.add('tree-old-root', 'from 0 with another root', 0, 3, ZERO, TREE.root(3), [])
    group.add('tree-old-root', '0 to 0 with another old root', 0, 0, ZERO, empty, [])
    group.add('tree-root', '0 to 0 with another new root', 0, 0, empty, ZERO, [])
    group.add('tree-old-root', '5 to 5 with other roots', 5, 5, TREE.root(5), TREE.root(4), [])
    group.add('tree-proof-length', '5 to 5 with a hash', 5, 5, TREE.root(5), TREE.root(5), [ZERO])
    group.add('tree-proof-length', 'from 0 with a hash', 0, 5, empty, TREE.root(5), [ZERO])
    group.add('tree-hash-length', '1 to 1 with roots of 12 bytes', 1, 1, bytes(12), bytes(12), [])
    group.add('tree-size', 'new size 2^63', 1, 2**63, ZERO, ZERO, [])
    group.add('tree-size', 'old size below 0', -1, 1, ZERO, ZERO, [])
    for old, new in ((2**53 - 1, 2**53 + 1), (2**62, 2**63 - 1), (2**62 + 12345, 2**63 - 1)):
        length = merkle.consistency_length(old, new, True)
        proof = [fixed(f'tree large {number}') for number in range(length)]
        first, second = merkle.descend(old, new, True, fixed('tree large root'), list(proof))
        group.add('ok', f'{old} to {new}', old, new, first, second, proof)
    return group.cases


def _prefixes() -> list:
    group = Group(merkle.check_prefix, 'old', 'new', 'newRoot', 'hashes')
    pairs = [(old, new) for new in range(SMALL) for old in range(new + 1)]
    for new in LARGE:
        pairs += [(old, new) for old in sorted({0, 1, new // 3, new // 2, new - 1, new})]

    def hashes(old: int, new: int) -> list:
        return [TREE.mth(*part) for part in merkle.prefix_nodes(old, new)]

    for old, new in pairs:
        result = merkle.check_prefix(old, new, TREE.root(new), hashes(old, new))
        assert result == TREE.root(old)
        group.add('ok', f'{old} of {new}', old, new, TREE.root(new), hashes(old, new), result=result.hex())
    for old, new in ((1, 2), (2, 3), (4, 8), (3, 7), (6, 7), (100, 300)):
        root, proof, where = TREE.root(new), hashes(old, new), f'{old} of {new}'
        group.add('tree-root', where + ', another root', old, new, ZERO, proof)
        group.add('tree-proof-length', where + ', a hash more', old, new, root, [*proof, ZERO])
        group.add('tree-proof-length', where + ', a hash fewer', old, new, root, proof[:-1])
        group.add('tree-proof-length', where + ', no hashes', old, new, root, [])
        group.add('tree-sizes-order', where + ', sizes exchanged', new, old, root, proof)
        group.add('tree-hash-length', where + ', root of 31 bytes', old, new, root[:31], proof)
        group.add(
            'tree-hash-length', where + ', a hash of 31 bytes', old, new, root, [*proof[:-1], bytes(31)]
        )
        for at in range(len(proof)):
            group.add('tree-root', where + f', hash {at} changed', old, new, root, flipped(proof, at))
    group.add('tree-root', '0 of 0, another root', 0, 0, ZERO, [])
    group.add('tree-size', 'new size 2^63', 1, 2**63, ZERO, [])
    group.add('tree-size', 'old size below 0', -1, 1, ZERO, [])
    for old, new in ((2**53 - 1, 2**53 + 1), (2**62 + 12345, 2**63 - 1)):
        ranges = merkle.prefix_nodes(old, new)
        proof = [fixed(f'tree large {number}') for number in range(len(ranges))]
        parts = [(start, end, item) for (start, end), item in zip(ranges, proof)]
        result = merkle.fold([part for part in parts if part[1] <= old])
        group.add('ok', f'{old} of {new}', old, new, merkle.fold(parts), proof, result=result.hex())
    return group.cases


def vectors() -> dict:
    return {
        'spec': 'docs/spec/tree.md',
        'leaves': [leaf.hex() for leaf in LEAVES],
        'roots': [
            {'size': size, 'root': TREE.root(size).hex()}
            for size in (*range(70), 100, 127, 128, 129, 255, 256, 257, 299, 300)
        ],
        'inclusions': _inclusions(),
        'consistencies': _consistencies(),
        'prefixes': _prefixes(),
    }
