"""A person at the desk: a browser without JavaScript, and what it reads off a page."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice

from claims.models import Actor, Claim, Role, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Desk:
    """Signed in as one person; every page is asked for as a browser would."""

    person: User
    client: Client

    @classmethod
    def of(cls, who: Actor | User) -> "Desk":
        person = who.person if isinstance(who, Actor) else who
        assert person is not None
        client = Client()
        client.force_login(person, backend=BACKEND)
        if person.holds(Role.EDITOR, Role.ADMIN):
            _show_second_factor(client, person)
        return cls(person, client)

    def get(self, url: str, **query: Any) -> Any:
        return self.client.get(url, query)

    def page(self, claim: Claim) -> Any:
        return self.client.get(page_of(claim))

    def press(self, claim: Claim, act: str, target: Any = "", **typed: Any) -> Any:
        """Press a button of the claim page with what is typed into its form."""
        claim.refresh_from_db()
        typed.setdefault("version", claim.version)
        args = [claim.pk, act, *([target] if target else [])]
        name = "claims_claim_act_on" if target else "claims_claim_act"
        return self.client.post(reverse(f"admin:{name}", args=args), typed)


def _show_second_factor(client: Client, person: User) -> None:
    """As after typing a code: the session knows which device was shown."""
    device, _ = StaticDevice.objects.get_or_create(user=person, name="test")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()


def page_of(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def words(response: Any) -> str:
    """What a person reads on the page, with single spaces."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return " ".join(" ".join(reader.found).split())


def sentence(number: int, text: str, *evidence: Any, judgement: bool = False) -> dict[str, Any]:
    """One sentence of a finding as its form sends it."""
    sent: dict[str, Any] = {
        f"sentences-{number}-text": text,
        f"sentences-{number}-evidence": [str(item.pk) for item in evidence],
        "sentences-TOTAL_FORMS": number + 1,
        "sentences-INITIAL_FORMS": 0,
    }
    if judgement:
        sent[f"sentences-{number}-judgement"] = "on"
    return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in {"script", "style", "template"}:
            self.skipping += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "template"}:
            self.skipping -= 1

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.found.append(data)
