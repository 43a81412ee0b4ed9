"""How the platform's people and things are called in statements."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from services.analytics.statement import TYPES, Account, Activity, Actor, Context, Definition


@dataclass(frozen=True, slots=True)
class Platform:
    """`home` is an address of the platform, without a slash at its end."""

    home: str

    def actor(self, tenant: str, user: int) -> Actor:
        return Actor(Account(self.home, f"{tenant}/{user}"))

    def activity(self, tenant: str, kind: str, number: int) -> Activity:
        return Activity(f"{self.home}/{tenant}/{kind}/{number}", Definition(TYPES[kind]))

    def within(self, tenant: str, course: int | None, attempt: UUID | None) -> Context:
        """The attempt, and the course where it is known."""
        if course is None:
            return Context(attempt)
        return Context(attempt, {"parent": [self.activity(tenant, "courses", course)]})

    def id_of(self, *fact: object) -> UUID:
        """The same for the same fact, whoever tells it and however often."""
        return uuid5(NAMESPACE_URL, "/".join((self.home, *map(str, fact))))
