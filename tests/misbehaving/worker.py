"""A Celery worker that may reach the misbehaving web: for its test, and for nobody else.

The permission is handed over in code, to the client of this one process. It stands in no setting,
and nothing that is installed in production imports this.
"""

import json
import os
from functools import partial

from claims.web import client
from claims.web.guard import Policy
from factcheck.celery import app
from tests.misbehaving.web import HANDED

__all__ = ["app"]


def permission() -> Policy:
    """The stand-ins that the test's web has told of."""
    told = json.loads(os.environ[HANDED])
    here = {host: (address, port) for host, (address, port) in told["stand_ins"].items()}
    return Policy(stand_ins=here, certificate=told["certificate"])


client.fetch = partial(client.fetch, policy=permission())
