"""What ``manage.py check`` finds wrong with this desk, beyond what Django looks for."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def the_application_owns_nothing(
    databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """The role that serves must be unable to change the log, whatever the code says."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, EXISTS (SELECT 1 FROM pg_class WHERE relname = 'claims_logentry'"
            " AND relowner = pg_roles.oid) FROM pg_roles WHERE rolname = current_user"
        )
        superuser, owns = cursor.fetchone()
    found: list[CheckMessage] = []
    if superuser:
        found.append(
            Error(
                "The application is a superuser of its database.",
                hint="Let DATABASE_URL name a role without that right.",
                id="factcheck.E001",
            )
        )
    elif owns:
        found.append(
            checks.Warning(
                "The application owns its tables and could drop the triggers of the log.",
                hint="Let DATABASE_OWNER_URL name the owner, for migrations, and DATABASE_URL"
                " another role.",
                id="factcheck.W001",
            )
        )
    return found


@register(Tags.security, deploy=True)
def a_demo_stays_at_home(**_: Any) -> list[CheckMessage]:
    if not settings.DEMO:
        return []
    return [
        checks.Warning(
            f"{settings.HOME} is a demo home: sample accounts, no second factor.",
            hint="Set FACTCHECK_HOME to a folder that no demo has used.",
            id="factcheck.W002",
        )
    ]
