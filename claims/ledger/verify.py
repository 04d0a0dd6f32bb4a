"""Checking the whole log from its bytes: order, chains, hashes, times and stored subtrees."""

import json
from collections.abc import Iterator

from claims.ledger import merkle, read
from claims.ledger.canonical import canonical
from claims.ledger.record import NO_ENTRY_BEFORE
from claims.models.ledger import LogEntry, LogHead

MEMBERS = frozenset("v seq type at claim claim_seq prev actor data private".split())


def problems() -> Iterator[str]:
    """Everything that is wrong with the log, a sentence each; nothing when it is sound."""
    head = LogHead.objects.get(pk=1)
    expected, newest = 0, ""
    chains: dict[str, tuple[int, str]] = {}
    nodes: dict[merkle.Node, bytes] = {}
    for row in LogEntry.objects.order_by("seq").iterator(chunk_size=2000):
        body = bytes(row.body)
        entry = json.loads(body)
        leaf = merkle.leaf_hash(body)
        if row.seq != expected or entry["seq"] != expected:
            yield f"Entry {expected} is missing; {row.seq} stands in its place."
            return
        if set(entry) != MEMBERS or canonical(entry) != body:
            yield f"Entry {row.seq} is not in canonical form."
        if bytes(row.leaf) != leaf:
            yield f"The hash of entry {row.seq} does not fit its bytes."
        if entry["at"] < newest:
            yield f"Entry {row.seq} is older than the one before."
        newest = max(newest, entry["at"])
        if entry["claim"] is not None:
            last, before = chains.get(entry["claim"], (-1, NO_ENTRY_BEFORE))
            if (entry["claim_seq"], entry["prev"]) != (last + 1, before):
                yield f"Entry {row.seq} does not follow the entry before it of its claim."
            chains[entry["claim"]] = (entry["claim_seq"], leaf.hex())
        for (level, idx), value in list(merkle.completed_by(row.seq, leaf, nodes.__getitem__)):
            if idx % 2 == 0:
                nodes[level, idx] = value
            else:
                # Folded into their parent, both can go: memory stays O(log n).
                del nodes[level, idx - 1]
        expected += 1
    if head.size != expected:
        yield f"The head says {head.size} entries, there are {expected}."
    elif expected and merkle.root(expected, nodes.__getitem__) != read.root(expected):
        yield "The stored subtrees do not give the root of the entries."
