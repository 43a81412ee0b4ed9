"""One learner at a socket: hears of their own progress and of what all are told, and acts."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from bench.tiny_socket import TinySocket
from bench.to_all import ToAll

OWN, ALL, DONE = "own", "all", "LessonCompleted"
UPDATES = "subscription ($id: ID!) { progressUpdated(courseId: $id) { completed total ratio } }"
COMPLETE = """mutation ($lesson: ID!, $key: ID!) {
  completeLesson(input: { lessonId: $lesson, key: $key }) { __typename
    ... on LessonCompleted { token } ... on Refused { code } } }"""
PONG = b'{"type":"pong"}'


class Message(msgspec.Struct):
    """Of graphql-transport-ws."""

    type: str
    id: str = ""
    payload: msgspec.Raw = msgspec.Raw()


class _Own(msgspec.Struct):
    completed: int


class _OwnData(msgspec.Struct):
    progressUpdated: _Own  # noqa: N815 -- as it is spelled there


class _OwnPayload(msgspec.Struct):
    data: _OwnData


class _Completion(msgspec.Struct):
    typename: str = msgspec.field(name="__typename")
    code: str = ""


class _Answer(msgspec.Struct):
    completeLesson: _Completion  # noqa: N815


class _AnswerPayload(msgspec.Struct):
    data: _Answer | None = None


_message = msgspec.json.Decoder(Message).decode
_own = msgspec.json.Decoder(_OwnPayload).decode
_answer = msgspec.json.Decoder(_AnswerPayload).decode


@dataclass
class Heard:
    """What all learners of one process heard, counted where it arrives.

    Seconds `took` from a mutation until their own event, `answered` until its answer; `moments` are
    milliseconds of the monotonic clock at which so many heard each number that all are told.
    """

    took: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    repeated: int = 0
    moments: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))


class Seat:
    """`lessons` are completed one after another; `token` is their bearer.

    `done` counts what was acknowledged, `known` what their own events told of it. What is under way
    `waits` for its answer, and for the event that tells of as many as are `wanted`.
    """

    __slots__ = (
        "_course", "_heard", "_lessons", "_numbers", "_sent_s", "_socket", "_to_all", "_token",
        "closed", "done", "known", "settled", "waits", "wanted",
    )  # fmt: skip

    def __init__(
        self, heard: Heard, to_all: ToAll, token: str, course: str, lessons: Sequence[str]
    ) -> None:
        self._heard = heard
        self._lessons = lessons
        self._to_all = to_all
        self._token = token
        self._course = course
        self.done = 0
        self.forget()

    def forget(self) -> None:
        """Nothing of a socket that there was."""
        self._socket: TinySocket | None = None
        self._numbers = self.known = -1
        self.waits, self.wanted, self.closed = False, 0, ""
        self.settled = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Both subscriptions have said how things are."""
        return self.known >= 0 and self._numbers >= 0 and not self.closed

    @property
    def is_free(self) -> bool:
        return self.is_ready and not self.is_under_way and self.done < len(self._lessons)

    @property
    def is_under_way(self) -> bool:
        return self.waits or self.wanted > 0

    def act(self, due_s: float) -> None:
        """Completes their next lesson, as was due then."""
        self._sent_s, self.waits, self.wanted = due_s, True, self.done + 1
        lesson = self._lessons[self.done]
        self._ask(f"{self.done}", COMPLETE, {"lesson": lesson, "key": f"completes {lesson}"})

    def opened(self, socket: TinySocket) -> None:
        self._socket = socket
        said = {"authorization": f"Bearer {self._token}"}
        socket.send(msgspec.json.encode({"type": "connection_init", "payload": said}))

    def gone(self, code: int) -> None:
        self.closed = self.closed or str(code)
        self.settled.set()

    def leave(self) -> None:
        if self._socket is not None:
            self._socket.drop()

    def took(self, text: bytes) -> None:
        said = _message(text)
        match said.type:
            case "next":
                self._take(said, time.monotonic())
            case "ping" if self._socket is not None:
                self._socket.send(PONG)
            case "connection_ack":
                self._ask(OWN, UPDATES, {"id": self._course})
                self._ask(ALL, self._to_all.query, {})
            case "error":
                self._refused(said.id, bytes(said.payload))

    def _ask(self, id_: str, query: str, variables: dict[str, str]) -> None:
        asked = {"query": query, "variables": variables}
        text = msgspec.json.encode({"type": "subscribe", "id": id_, "payload": asked})
        if self._socket is not None:
            self._socket.send(text)

    def _take(self, said: Message, now_s: float) -> None:
        if said.id == OWN:
            self._progressed(_own(said.payload).data.progressUpdated.completed, now_s)
        elif said.id == ALL:
            self._told(self._to_all.number_in(bytes(said.payload)), now_s)
        else:
            answer = _answer(said.payload).data
            self._answered(answer.completeLesson if answer else None, now_s)

    def _progressed(self, completed: int, now_s: float) -> None:
        if self.known >= 0:
            self._heard.repeated += completed <= self.known
            self._heard.skipped += max(0, completed - self.known - 1)
        self.known = completed
        self._settle()
        if 0 < self.wanted <= completed:
            self._heard.took.append(now_s - self._sent_s)
            self.wanted = 0

    def _settle(self) -> None:
        if self.is_ready:
            self.settled.set()

    def _told(self, number: int, now_s: float) -> None:
        if self._numbers >= 0:
            for one in range(self._numbers + 1, number + 1):
                self._heard.moments[one][int(now_s * 1000)] += 1
        self._numbers = max(self._numbers, number)
        self._settle()

    def _answered(self, completion: _Completion | None, now_s: float) -> None:
        if completion is None or completion.typename != DONE:
            self._not_done(completion.code if completion else "INTERNAL")
        else:
            self._heard.answered.append(now_s - self._sent_s)
            self.done, self.waits = self.done + 1, False

    def _refused(self, id_: str, why: bytes) -> None:
        code = why.partition(b'"code":"')[2].partition(b'"')[0].decode() or "?"
        if id_ in (OWN, ALL):
            self.closed = code
            self.leave()
        else:
            self._not_done(code)

    def _not_done(self, code: str) -> None:
        """They try it again the next time that they act."""
        self._heard.refused[code] += 1
        self.waits, self.wanted = False, 0
