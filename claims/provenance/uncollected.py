"""Leaves the collector of cycles still while a long story is in memory.

A story of ten thousand articles is a million small records that point down and never in a ring.
Python walks them all again each time a quarter has been added, which took half of the time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within, and in what it decorates, nothing looks for cycles; whoever stopped it starts it.

    What no longer is referred to goes at once all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
