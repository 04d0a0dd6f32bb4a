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
    check = _Check()
    for row in LogEntry.objects.order_by("seq").iterator(chunk_size=2000):
        if row.seq != check.size:
            yield f"Entry {check.size} is missing; {row.seq} stands in its place."
            return
        yield from check.entry(row)
    # Its size alone: before the first entry its time is one that Python cannot tell.
    size = LogHead.objects.values_list("size", flat=True).get(pk=1)
    if size != check.size:
        yield f"The head says {size} entries, there are {check.size}."
    elif merkle.root(check.size, check.nodes.__getitem__) != read.root(check.size):
        yield "The stored subtrees do not give the root of the entries."


class _Check:
    """What has been read so far: size, newest time, the end of each chain, open subtrees."""

    def __init__(self) -> None:
        self.size, self.newest = 0, ""
        self.chains: dict[str, tuple[int, str]] = {}
        self.nodes: dict[merkle.Node, bytes] = {}

    def entry(self, row: LogEntry) -> Iterator[str]:
        body = bytes(row.body)
        entry = json.loads(body)
        leaf = merkle.leaf_hash(body)
        if set(entry) != MEMBERS or canonical(entry) != body or entry["seq"] != row.seq:
            yield f"Entry {row.seq} is not in canonical form."
        if bytes(row.leaf) != leaf:
            yield f"The hash of entry {row.seq} does not fit its bytes."
        if entry["at"] < self.newest:
            yield f"Entry {row.seq} is older than the one before."
        self.newest = max(self.newest, entry["at"])
        if entry["claim"] is not None:
            last, before = self.chains.get(entry["claim"], (-1, NO_ENTRY_BEFORE))
            if (entry["claim_seq"], entry["prev"]) != (last + 1, before):
                yield f"Entry {row.seq} does not follow the entry before it of its claim."
            self.chains[entry["claim"]] = (entry["claim_seq"], leaf.hex())
        self._grow(leaf)

    def _grow(self, leaf: bytes) -> None:
        for (level, idx), value in list(
            merkle.completed_by(self.size, leaf, self.nodes.__getitem__)
        ):
            if idx % 2 == 0:
                self.nodes[level, idx] = value
            else:
                # Folded into their parent, both can go: memory stays O(log n).
                del self.nodes[level, idx - 1]
        self.size += 1
