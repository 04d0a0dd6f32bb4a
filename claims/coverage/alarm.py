"""Interrupts a provider that takes too long."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from claims.coverage.providers.base import ProviderError


class _Hung(BaseException):
    """No ``Exception``: a provider may catch those by accident."""


@contextmanager
def in_time(label: str, seconds: float) -> Iterator[None]:
    """Raises ProviderError ``timeout`` after *seconds*; without effect outside the main thread.

    Python runs handlers of signals in the main thread alone; workers ask providers in theirs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise _Hung

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _Hung as error:
        words = f"{label} gave no answer within {seconds:.0f} seconds."
        raise ProviderError("timeout", words, retry=True) from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
