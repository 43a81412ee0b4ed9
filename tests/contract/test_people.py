"""What every source of people promises."""

from services.contracts.errors import HIDDEN, Refused
from tests.contract.side import Side
from tests.fakes.tenant import (
    LEARNER,
    OTHER,
    TEACHER,
    learner_id,
)


class TestPeople:
    async def test_a_person_is_known_with_locale_and_roles(self, side: Side) -> None:
        for caller, user in ((side.learner, LEARNER), (side.teacher, TEACHER)):
            assert await side.sources.people.me(caller) == side.held.people[side.tenant, user]

    async def test_learners_come_one_an_id_in_order(self, side: Side) -> None:
        ids = [learner_id(side.tenant, user) for user in (OTHER, "999", LEARNER, OTHER)]

        found = await side.sources.people.learners(side.teacher, ids)

        names = [one.name if not isinstance(one, Refused) else one for one in found]
        assert names == ["Person 5", HIDDEN, "Person 4", "Person 5"]
