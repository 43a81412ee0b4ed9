"""The timetable, from the live class service: the port LiveClasses over HTTP."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from services.contracts.errors import (
    HIDDEN,
    Refused,
    UpstreamError,
    UpstreamMisbehaved,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.contracts.ids import BadId, CourseId, Kind, LiveClassId, Side, decode
from services.contracts.live_class import LiveClass
from services.contracts.live_class_api import AGENDA, CLASSES, OF_COURSES, Agenda, CoursesBetween
from services.contracts.progress_api import Ids, Question
from services.contracts.viewer_headers import headers_of
from services.kit.caller import Caller
from services.kit.http import Call, Reply, Transport
from services.kit.log import Log

Q = TypeVar("Q")
A = TypeVar("A")
UPSTREAM = "live_class"
STATUSES = {503: UpstreamUnreachable, 504: UpstreamTimeout}
NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
log = Log("live_class.client")


class ServiceLiveClasses:
    """`url` without a slash at its end; one call takes `budget_s` at most."""

    def __init__(self, transport: Transport, url: str, budget_s: float) -> None:
        self._transport = transport
        self._url = url
        self._budget_s = budget_s

    async def of_courses(
        self,
        caller: Caller,
        courses: Sequence[CourseId],
        since: datetime | None,
        until: datetime | None,
    ) -> Sequence[list[LiveClass] | Refused]:
        named = [_local(caller, Kind.COURSE, Side.EITHER, course) for course in courses]
        bounds = [None if at is None else _second(at) for at in (since, until)]
        said = CoursesBetween(_known(named), *bounds)
        return await self._each(caller, OF_COURSES, said, named)

    async def agenda(
        self, caller: Caller, since: datetime, until: datetime
    ) -> list[LiveClass] | Refused:
        said = Agenda(_second(since), _second(until))
        try:
            return await self._ask(caller, AGENDA, said)
        except UpstreamError as failed:
            return _told(failed)

    async def many(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[LiveClass | Refused]:
        named = [_local(caller, Kind.LIVE_CLASS, Side.LEGACY, one) for one in ids]
        return await self._each(caller, CLASSES, Ids(_known(named)), named)

    async def _each(
        self,
        caller: Caller,
        question: Question[Q, list[A | None]],
        said: Q,
        named: Sequence[int | None],
    ) -> list[A | Refused]:
        """One item per local id, None being the id of nothing; a failed call is each one's."""
        wanted = len(_known(named))
        try:
            answers = await self._ask(caller, question, said) if wanted else []
            if len(answers) != wanted:
                raise UpstreamMisbehaved(f"{len(answers)} answers to {wanted} ids")
        except UpstreamError as failed:
            refusal = _told(failed)
            return [HIDDEN if one is None else refusal for one in named]
        found = iter(answers)
        return [_or_hidden(None if one is None else next(found)) for one in named]

    async def _ask(self, caller: Caller, question: Question[Q, A], said: Q) -> A:
        """Raises an UpstreamError."""
        headers = {**headers_of(caller.viewer), "content-type": "application/json"}
        body = msgspec.json.encode(said)
        call = Call(UPSTREAM, "POST", self._url + question.path, headers, body)
        reply = await self._transport.send(call, caller.deadline.carve(self._budget_s))
        return _read(reply, question.answers)


def _read(reply: Reply, form: type[A]) -> A:
    if reply.status != 200:
        raise STATUSES.get(reply.status, UpstreamMisbehaved)(f"status {reply.status}")
    try:
        return msgspec.json.decode(reply.body, type=form)
    except msgspec.MsgspecError as wrong:
        raise UpstreamMisbehaved(f"not a {form}: {wrong}") from wrong


def _told(failed: UpstreamError) -> Refused:
    log.warning("live_class.failed", kind=type(failed).__name__, why=str(failed))
    return failed.refusal


def _local(caller: Caller, kind: Kind, side: Side, text: str) -> int | None:
    """None where it names nothing that could be the caller's."""
    try:
        named = decode(text)
    except BadId:
        return None
    is_own = (named.kind, named.side, named.tenant) == (kind, side, caller.viewer.tenant)
    return int(named.local) if is_own and NUMBER.fullmatch(named.local) else None


def _known(named: Iterable[int | None]) -> list[int]:
    return [one for one in named if one is not None]


def _second(moment: datetime) -> datetime:
    """Bounds count in whole seconds, as the monolith takes them."""
    return moment.replace(microsecond=0)


def _or_hidden(answer: A | None) -> A | Refused:
    return HIDDEN if answer is None else answer
