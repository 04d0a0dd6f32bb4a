"""Who acts: a person at the desk or by token, a service by its own token, or the desk itself."""

from dataclasses import dataclass, field

from claims.errors import Forbidden
from claims.models.people import ApiToken, Role, User


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for something. Every verb takes one; doors make it and nobody else does."""

    person: User | None = None
    token: ApiToken | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)

    @property
    def roles(self) -> frozenset[str]:
        """The person's roles; a service token that may write counts as a contributor."""
        if self.person is not None:
            return frozenset(self.person.roles) if self.person.is_active else frozenset()
        return frozenset({Role.CONTRIBUTOR}) if "claims:write" in self.scopes else frozenset()

    @property
    def is_system(self) -> bool:
        return self.person is None and self.token is None

    @property
    def name(self) -> str:
        """How the desk calls this actor in its own lists."""
        if self.person is not None:
            return self.person.get_username()
        return self.token.name if self.token is not None else "system"

    def holds(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def need(self, scope: str) -> None:
        """Refuse who lacks the scope, telling a narrow token from a role that never has it."""
        if scope in self.scopes:
            return
        if self.person is not None and scope in self.person.scopes:
            raise Forbidden(f"This token lacks the scope {scope}.", code="scope")
        if self.token is not None and self.person is None:
            raise Forbidden(f"This token lacks the scope {scope}.", code="scope")
        raise Forbidden(f"Your role does not include this. It needs the scope {scope}.")

    def is_person(self, person: User | None) -> bool:
        return self.person is not None and person is not None and self.person.pk == person.pk


SYSTEM = Actor()


def person(user: User) -> Actor:
    """A person at the desk, with all that their roles allow."""
    return Actor(person=user, scopes=user.scopes)


def bearer(token: ApiToken) -> Actor:
    """Whoever holds the token: never more than the token says, nor than its person may."""
    scopes = frozenset(token.scopes)
    if token.person is not None:
        scopes &= token.person.scopes
    return Actor(person=token.person, token=token, scopes=scopes)
