"""People, from the progress service."""

from collections.abc import Sequence

from services.contracts.errors import HIDDEN, Refused, UpstreamError
from services.contracts.ids import Kind, LearnerId
from services.contracts.learning import Learner, Person
from services.contracts.progress_api import LEARNERS, ME
from services.contracts.question import Nothing
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.local import locals_


class ServicePeople:
    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def me(self, caller: Caller) -> Person | Refused:
        try:
            found = await self._client.ask(caller, ME, Nothing())
        except UpstreamError as failed:
            return self._client.told(failed)
        return found.person or HIDDEN

    async def learners(
        self, caller: Caller, ids: Sequence[LearnerId]
    ) -> Sequence[Learner | Refused]:
        return await self._client.each(caller, LEARNERS, locals_(caller, Kind.LEARNER, ids))
