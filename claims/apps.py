"""The app that knows what was said, what was found, and what happened."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        # Models are not there before; the session keeps when it began for what needs a fresh one.
        from claims.api.auth import note_sign_in  # noqa: PLC0415

        user_logged_in.connect(note_sign_in, dispatch_uid="note_sign_in")
