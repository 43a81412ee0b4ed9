"""What a viewer is in the tenant, as a side itself says: a token may be older."""

from collections.abc import Sequence

from gateway.cache.ages import Terms
from gateway.cache.fetched import Found
from gateway.cache.owner import Private
from gateway.cache.shelf import Shelf
from gateway.cached.reader import About, Reader
from resolvers.ports import Each, People
from services.contracts.changes import person_tag
from services.contracts.learning import Person, Role
from services.kit.caller import Caller

PERSON = Shelf[Person]("person", Person, Terms(fresh_s=60))
"""By which others' things are told: never served stale."""


class Standing:
    """Sources judge roles anew each time; what is kept is told only to who still has them."""

    def __init__(self, people: People, reader: Reader) -> None:
        self._people = people
        self._reader = reader

    async def holds(self, caller: Caller, roles: frozenset[Role]) -> bool:
        """Whether each of `roles` that their token names is theirs."""
        claimed = caller.viewer.roles & roles
        return not claimed or claimed <= await self._roles(caller)

    async def _roles(self, caller: Caller) -> frozenset[Role]:
        """None where the side does not say."""
        viewer = caller.viewer

        async def ask(as_own: Caller, _: Sequence[str]) -> Each[Person]:
            return [await self._people.me(as_own)]

        def about(_: str, found: Person) -> About:
            return About([person_tag(viewer.tenant, viewer.user)])

        own = Private.of(viewer)
        [found] = await self._reader.read(caller, own, PERSON, [viewer.user], ask, about)
        return frozenset(found.value.roles) if isinstance(found, Found) else frozenset()
