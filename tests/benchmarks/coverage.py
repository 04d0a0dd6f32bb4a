"""What the desk's care costs beside bare loops of its client and its reader; and its memory."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from uuid import UUID

from claims import capturing, jobs, manners
from claims.jobs import Held
from claims.models import Job
from claims.web import client, page, sandbox
from claims.web.fetched import Fetched
from tests.benchmarks import newspaper
from tests.benchmarks.clients import Work, at_once
from tests.benchmarks.figures import Figure
from tests.claims.web.loopback import Loopback, Request
from tests.claims.web.loopback import page as answer

SLOTS = (1, 2, 4)
ROUNDS = 5
EACH = 40
KIND = "bench.capture"
HOSTS = (EACH + 1) * max(SLOTS)
PAUSE = 1.5

_numbers = count(1)


def figures(size: int) -> Iterator[Figure]:
    """Pages a second with 1, 2 and 4 slots; megabytes over the last tenth of *size* pages.

    Every page is of a host of its own, whose robots.txt is known already: the pauses between two
    visits to one host are there to be slow, and are no cost of the desk.
    """
    with _newspapers():
        for slots in SLOTS:
            yield from _pages_a_second(slots)
        yield _memory(size)


def _pages_a_second(slots: int) -> Iterator[Figure]:
    """The best of several rounds by turns: what else the machine does only ever slows.

    Beside two loops of as many slots: one whose reader is the desk's, in a child process with
    limits, and one that parses strangers' bytes in its own process, as no desk ever may.
    """
    apart, within, desk = [], [], []
    for _ in range(ROUNDS):
        apart.append(_rate_of(sandbox.read, slots=slots))
        wanted = [[_wanted(url) for url in _urls(EACH + 1)] for _ in range(slots)]
        desk.append(at_once(_on_the_desk(wanted), clients=slots).rate)
        within.append(_rate_of(page.read, slots=slots))
        time.sleep(PAUSE)
    yield Figure(f"capture_{slots}", max(desk), max(apart))
    yield Figure(f"capture_{slots}_beside_no_sandbox", max(desk), max(within))


def _rate_of(read: Callable[..., page.Page], *, slots: int) -> float:
    """The desk's own client and *read*, and nothing else: pages a second."""
    urls = [_urls(EACH + 1) for _ in range(slots)]

    def work(number: int) -> Iterator[object]:
        for url in urls[number]:
            got = client.fetch(url)
            yield len(read(got.body, url=got.final, media_type=got.media_type).text)

    return at_once(work, clients=slots).rate


def _on_the_desk(wanted: Sequence[Sequence[UUID]]) -> Work:
    """As a job: taken, fetched by turns and robots.txt, made safe on disk, read in the sandbox."""

    def work(number: int) -> Iterator[object]:
        for job in wanted[number]:
            yield _captured(job)

    return work


def _captured(job: UUID) -> int:
    words: list[int] = []

    def capture(held: Held) -> None:
        reading = capturing.visit_article(held, held.args["url"])
        words.append(len(reading.text))

    jobs.work(job, capture)
    if not words:
        raise RuntimeError(f"A page was not captured: {Job.objects.get(pk=job).cause}")
    return words[0]


def _memory(size: int) -> Figure:
    """The most that a worker and its reader took over the first tenth of the pages, and the last.

    Both count: what a reader keeps is given back when it is replaced.
    """
    tenth = max(size // 10, 1)

    def work(_number: int) -> Iterator[float]:
        yield _resident()
        for turn in range(size):
            url = _url(turn % HOSTS)
            got = client.fetch(url)
            capture = capturing.keep(got)
            capturing.article_of(capture)
            yield _resident()

    got = at_once(work, clients=1).got[1:]
    return Figure(f"capture_memory_{size}", max(got[-tenth:]), max(got[:tenth]), "MB")


def _resident() -> float:
    """Megabytes of this process and of those it started."""
    told = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return sum(_of(pid) for pid in ["self", *told]) / 1024


def _of(pid: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def _wanted(url: str) -> UUID:
    return Job.objects.create(kind=KIND, key=f"{KIND}:{url}", args={"url": url}).pk


_next_host = count()


def _urls(many: int) -> list[str]:
    return [_url(next(_next_host) % HOSTS) for _ in range(many)]


def _url(host: int) -> str:
    return f"http://paper-{host}.example/{next(_numbers)}"


@contextmanager
def _newspapers() -> Iterator[None]:
    """A web on this machine of many hosts; this process, and no other, may reach it."""
    kinds = newspaper.pages()

    def one(request: Request) -> bytes:
        number = int(request.path.rpartition("/")[2])
        return answer(newspaper.numbered(kinds[number % len(kinds)], number))

    before: Callable[..., Fetched] = client.fetch
    with Loopback({"/robots.txt": answer(b"", status="404 Not")}, otherwise=one) as web:
        hosts = [f"paper-{host}.example" for host in range(HOSTS)]
        client.fetch = partial(before, policy=web.policy(*hosts))
        try:
            for host in hosts:
                manners.mind_robots(f"http://{host}/")
            time.sleep(PAUSE)
            yield
        finally:
            client.fetch = before
