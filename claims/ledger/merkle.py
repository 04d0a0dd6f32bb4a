"""The Merkle tree of RFC 6962 §2.1 over the log, from its stored full subtrees.

A node ``(level, idx)`` is the hash of the leaves ``idx·2^level … (idx+1)·2^level − 1``; only
full subtrees are stored. Hashes are 32 bytes; sizes and indexes count leaves from 0.
"""

import hashlib
from collections.abc import Callable, Iterator

Node = tuple[int, int]
Lookup = Callable[[Node], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed_by(index: int, leaf: bytes, lookup: Lookup) -> Iterator[tuple[Node, bytes]]:
    """The full subtrees that appending leaf ``index`` completes, the leaf itself first.

    ``lookup`` gives the left siblings; it must know those that this append completed before.
    """
    level, at, value = 0, index, leaf
    yield (level, at), value
    while at % 2 == 1:
        value = node_hash(lookup((level, at - 1)), value)
        level, at = level + 1, at // 2
        yield (level, at), value


def peaks(size: int) -> list[Node]:
    """The full subtrees that make up a tree of ``size`` leaves, from the left."""
    found, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def root(size: int, lookup: Lookup) -> bytes:
    """The root of the first ``size`` leaves."""
    if size == 0:
        return EMPTY_ROOT
    return _hash_of(0, size, lookup)


def inclusion(index: int, size: int, lookup: Lookup) -> list[bytes]:
    """PATH(index, D[size]): the audit path of one leaf. Needs 0 ≤ index < size."""
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_hash_of(middle, end, lookup))
            end = middle
        else:
            path.append(_hash_of(start, middle, lookup))
            start = middle
    return path[::-1]


def consistency(old: int, new: int, lookup: Lookup) -> list[bytes]:
    """PROOF(old, D[new]): that a tree of ``new`` leaves extends one of ``old``.

    Empty for ``old`` 0 and for ``old == new``. Needs 0 ≤ old ≤ new.
    """
    if old in (0, new):
        return []
    proof: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_hash_of(middle, end, lookup))
            end = middle
        else:
            proof.append(_hash_of(start, middle, lookup))
            start, whole = middle, False
    if not whole:
        proof.append(_hash_of(start, end, lookup))
    return proof[::-1]


def _split(count: int) -> int:
    """The largest power of two smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _hash_of(start: int, end: int, lookup: Lookup) -> bytes:
    """The hash of leaves ``start … end-1``, where ``start`` is where a subtree may begin."""
    nodes = [(level, idx + (start >> level)) for level, idx in peaks(end - start)]
    value = lookup(nodes[-1])
    for node in reversed(nodes[:-1]):
        value = node_hash(lookup(node), value)
    return value
