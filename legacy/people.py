"""People, the old way."""

from collections.abc import Sequence

from legacy import translate, wire
from legacy.client import LegacyClient
from legacy.fanout import each, one
from services.contracts.errors import Refused
from services.contracts.ids import LearnerId
from services.contracts.learning import Learner, Person
from services.kit.caller import Caller


class LegacyPeople:
    def __init__(self, client: LegacyClient) -> None:
        self._client = client

    async def me(self, caller: Caller) -> Person | Refused:
        return await one(self._me(caller))

    async def _me(self, caller: Caller) -> Person:
        me = await self._client.get(caller, "/me", wire.Me)
        return translate.person(caller.viewer.tenant, me)

    async def learners(
        self, caller: Caller, ids: Sequence[LearnerId]
    ) -> Sequence[Learner | Refused]:
        async def fetch(learner: LearnerId) -> Learner:
            path = f"/users/{translate.local(learner)}"
            user = await self._client.get(caller, path, wire.User)
            return translate.learner(caller.viewer.tenant, user)

        return await each(ids, fetch)
