"""The processes that a desk consists of, and the commands of those that are ours.

``demo`` starts these, and docker-compose.yml the same: a test holds the two together.
"""

# In the order in which they are stopped: who asks goes before who answers.
STOP_ORDER = ("beat", "worker", "web", "valkey", "postgres")
OURS = ("beat", "worker", "web")

# One process of Python keeps one core busy, however many threads it has.
WEB_CHILDREN = 2
# Of each: the pool keeps two connections for health checks beside the threads that serve pages.
DATABASE_POOL = 8
THREADS = DATABASE_POOL - 2
# Most of a page is waiting for its host: a few slow ones must not stop the rest of a run.
WORKER_CHILDREN = 4


def commands(*, host: str, port: int) -> dict[str, list[str]]:
    """What to pass to ``python -m`` for each of our processes."""
    return {
        "web": [
            *("granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
            *("--workers", str(WEB_CHILDREN), "--blocking-threads", str(THREADS)),
            "--respawn-failed-workers",
            *("--no-ws", "--log-level", "warning", "factcheck.wsgi:application"),
        ],
        "worker": [
            *("celery", "--quiet", "-A", "factcheck.celery", "worker"),
            *("--concurrency", str(WORKER_CHILDREN), "--without-gossip", "--without-mingle"),
        ],
        "beat": ["celery", "--quiet", "-A", "factcheck.celery", "beat"],
    }


def environment(name: str) -> dict[str, str]:
    """What one process is told beyond what all are told."""
    return {
        "web": {"DATABASE_POOL": str(DATABASE_POOL)},
        # TERM ends soft: running tasks get their seconds, and then go back to the queue.
        "worker": {"REMAP_SIGTERM": "SIGQUIT"},
    }.get(name, {})
