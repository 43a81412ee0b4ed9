"""One learner at a socket: hears of their own progress and of what all are told, and acts."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial

import msgspec

from bench.class_words import JOIN
from bench.learners_hand import Hand
from bench.learners_heard import Heard
from bench.learners_words import (
    ALL,
    COMPLETE,
    IN,
    OWN,
    PONG,
    UPDATES,
    Message,
    Refused,
    completed_in,
    message_of,
    refusal_in,
    refusal_of,
)
from bench.tiny_socket import TinySocket
from bench.to_all import ToAll

ANEW_S = 1.0


class Seat:
    """`lessons` are completed one after another; `token` is their bearer.

    `done` counts what was acknowledged, `known` what their own events told of it. What is under way
    `waits` until it is taken, and for the event that tells of as many as are `wanted`. `told` is
    the newest of what all are told. Whoever has a `hand` is in the class.
    """

    __slots__ = (
        "_course", "_does", "_hand", "_heard", "_is_anew", "_lessons", "_sent", "_sent_s",
        "_socket", "_to_all", "_token", "closed", "done", "is_in", "known", "settled", "told",
        "waits", "wanted",
    )  # fmt: skip

    def __init__(
        self,
        heard: Heard,
        to_all: ToAll,
        token: str,
        course: str,
        lessons: Sequence[str],
        hand: Hand | None = None,
    ) -> None:
        self._hand = hand
        self._does = self._complete
        self._heard = heard
        self._lessons = lessons
        self._to_all = to_all
        self._token = token
        self._course = course
        self._sent = self.done = 0
        self.forget()

    def forget(self) -> None:
        """Nothing of a socket that there was."""
        self._socket: TinySocket | None = None
        self.told = self.known = -1
        self.is_in = self._hand is None
        self._is_anew, self.waits, self.wanted, self.closed = True, False, 0, ""
        self.settled = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Both subscriptions have said how things are, and they are in the class."""
        return self.known >= 0 and self.told >= 0 and self.is_in and not self.closed

    @property
    def is_free(self) -> bool:
        return self.is_ready and not self.is_under_way and self.done < len(self._lessons)

    @property
    def is_under_way(self) -> bool:
        return self.waits or self.wanted > 0

    def act(self, due_s: float) -> None:
        """Completes their next lesson, as was due then."""
        self._sent_s, self.waits, self.wanted = due_s, True, self.done + 1
        self._does = self._complete
        self._does()

    def move_hand(self, due_s: float) -> None:
        """Raises or lowers it, as was due then."""
        self._sent_s, self.waits = due_s, True
        self._does = self._move_hand
        self._does()

    def leave(self) -> None:
        if self._socket is not None:
            self._socket.drop()

    def opened(self, socket: TinySocket) -> None:
        self._socket = socket
        said = {"authorization": f"Bearer {self._token}"}
        socket.send(msgspec.json.encode({"type": "connection_init", "payload": said}))

    def gone(self, code: int) -> None:
        self.closed = self.closed or str(code)
        self.settled.set()

    def took(self, text: bytes) -> None:
        said = message_of(text)
        match said.type:
            case "next":
                self._take(said, time.monotonic())
            case "ping" if self._socket is not None:
                self._socket.send(PONG)
            case "connection_ack":
                self._listen(OWN)
                self._listen(ALL)
                if not self.is_in:
                    self._listen(IN)
            case "error":
                self._refused(said.id, refusal_of(said.payload))
            case "complete" if said.id in (OWN, ALL):
                self._heard.anew += 1
                self._later(ANEW_S, said.id)

    def _take(self, said: Message, now_s: float) -> None:
        if said.id == OWN:
            completed = completed_in(said.payload)
            if completed is not None:
                self._progressed(completed, now_s)
        elif said.id == ALL:
            self._told(self._to_all.number_in(said.payload), now_s)
        elif (refused := refusal_in(said.payload)) is not None:
            self._refused(said.id, refused)
        elif said.id == IN:
            self.is_in = True
        else:
            self._taken(now_s - self._sent_s)
        if self.is_ready:
            self.settled.set()

    def _taken(self, took_s: float) -> None:
        self.waits = False
        if self._hand is not None and self._does == self._move_hand:
            self._heard.hands.append(took_s)
            self._hand.done()
        else:
            self._heard.answered.append(took_s)
            self.done += 1

    def _progressed(self, completed: int, now_s: float) -> None:
        """What a subscription says first is how things are, and no event."""
        if not self._is_anew:
            self._heard.repeated += completed <= self.known
            self._heard.skipped += max(0, completed - self.known - 1)
        self._is_anew, self.known = False, completed
        if 0 < self.wanted <= completed:
            self._heard.took.append(now_s - self._sent_s)
            self.wanted = 0

    def _told(self, number: int, now_s: float) -> None:
        if self.told >= 0:
            for one in range(self.told + 1, number + 1):
                self._heard.moments[one][int(now_s * 1000)] += 1
        self.told = max(self.told, number)

    def _refused(self, id_: str, why: Refused) -> None:
        if why.pause_s is not None:
            self._heard.again[why.code] += 1
            self._later(why.pause_s, id_)
            return
        self._heard.refused[why.code] += 1
        if id_ in (OWN, ALL, IN):
            self.closed = why.code
            self.leave()
        else:
            self.waits, self.wanted = False, 0

    def _later(self, pause_s: float, id_: str) -> None:
        again = partial(self._listen, id_) if id_ in (OWN, ALL, IN) else self._does
        asyncio.get_running_loop().call_later(pause_s, again)

    def _complete(self) -> None:
        """Under the same key, however often it is sent."""
        lesson = self._lessons[self.done]
        self._sent += 1
        self._ask(f"{self._sent}", COMPLETE, {"lesson": lesson, "key": f"completes {lesson}"})

    def _move_hand(self) -> None:
        if self._hand is not None:
            self._sent += 1
            self._ask(f"{self._sent}", *self._hand.next())

    def _listen(self, id_: str) -> None:
        if id_ == OWN:
            self._is_anew = True
            self._ask(OWN, UPDATES, {"id": self._course})
        elif id_ == ALL:
            self._ask(ALL, self._to_all.query, self._to_all.variables)
        elif self._hand is not None:
            self._ask(IN, JOIN, self._hand.said("join"))

    def _ask(self, id_: str, query: str, variables: dict[str, str]) -> None:
        asked = {"query": query, "variables": variables}
        text = msgspec.json.encode({"type": "subscribe", "id": id_, "payload": asked})
        if self._socket is not None and not self.closed:
            self._socket.send(text)
