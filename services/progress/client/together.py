"""What many people may know of themselves, from the progress service with one call."""

from collections.abc import Sequence
from typing import TypeVar

from services.contracts.errors import HIDDEN, Refused, UpstreamMisbehaved
from services.contracts.freshness import Seen
from services.contracts.learning import Completed, Enrolment, Progress
from services.contracts.progress_api import (
    COMPLETED_OF_MANY,
    ENROLMENTS_OF_MANY,
    PROGRESS_OF_MANY,
    OfPairs,
    OfUsers,
)
from services.kit.asking import ServiceClient
from services.kit.caller import Caller

A = TypeVar("A")


class ServiceTogether:
    """Asked by the gateway itself; `seen` is what any of them has seen. Raises an UpstreamError."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def enrolments(
        self, gateway: Caller, users: Sequence[int], seen: Seen
    ) -> list[list[Enrolment]]:
        said = OfUsers(list(users), dict(seen))
        return _each(users, await self._client.ask(gateway, ENROLMENTS_OF_MANY, said))

    async def progress(
        self, gateway: Caller, pairs: Sequence[tuple[int, int]], seen: Seen
    ) -> list[Progress | Refused]:
        said = OfPairs(list(pairs), dict(seen))
        found = _each(pairs, await self._client.ask(gateway, PROGRESS_OF_MANY, said))
        return [HIDDEN if one is None else one for one in found]

    async def completed(
        self, gateway: Caller, pairs: Sequence[tuple[int, int]], seen: Seen
    ) -> list[Completed | Refused]:
        said = OfPairs(list(pairs), dict(seen))
        found = _each(pairs, await self._client.ask(gateway, COMPLETED_OF_MANY, said))
        return [HIDDEN if one is None else one for one in found]


def _each(wanted: Sequence[object], answers: list[A]) -> list[A]:
    if len(answers) != len(wanted):
        raise UpstreamMisbehaved(f"{len(answers)} answers to {len(wanted)} asked for")
    return answers
