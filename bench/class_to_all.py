"""A class that everybody follows: what its teacher does there is what all are told."""

import time
from itertools import count
from typing import Any

import click
import httpx
import msgspec

from bench.campus import TEACHER
from bench.candidate import Bearers
from bench.class_words import JOIN, MOVE, OPEN, START
from bench.learners_plan import School
from bench.system import System
from bench.to_all import StatusToAll, ToAll
from gateway.identity.issuer import DemoIssuer
from services.contracts.ids import Kind, encode
from services.contracts.learning import Role

WAITS_S = 30.0
MINUTES = 240


class _Breakout(msgspec.Struct):
    members: list[msgspec.Raw]


class _Event(msgspec.Struct):
    breakouts: list[_Breakout] = []


class _Data(msgspec.Struct):
    classroom: _Event


class _Payload(msgspec.Struct):
    data: _Data | None = None


class ClassToAll:
    """The teacher goes from one breakout room to the next, whose number is that of the event.

    Nobody else is in any of them: what is told is small, and the same for all. It is committed
    when the mutation is answered; whoever has heard it by then has not waited.
    """

    query = """subscription ($class: ID!) { classroom(classId: $class) {
      ... on BreakoutsChanged { breakouts { members { id } } } } }"""
    least_s = 0.5

    def __init__(self, school: School, events: int) -> None:
        self.variables = {"class": school.class_id}
        self._school = school
        self._events = events
        self._keys = count(1)
        self._decode = msgspec.json.Decoder(_Payload).decode

    def number_in(self, payload: msgspec.Raw) -> int:
        data = self._decode(payload).data
        if data is None:
            return -1
        rooms = enumerate(data.classroom.breakouts, 1)
        return next((number for number, room in rooms if room.members), 0)

    def tell(self, running: System, number: int) -> float:
        if number == 0:
            self._open(running)
        else:
            self._do(running, MOVE, who=self._teacher, room=self._room(number))
        return time.monotonic()

    def _open(self, running: System) -> None:
        """The teacher comes last, so as to be in none of the rooms yet."""
        self._do(running, START)
        self._do(running, OPEN, count=max(1, self._events), minutes=MINUTES)
        self._do(running, JOIN)

    @property
    def _teacher(self) -> str:
        return encode(
            Kind.PARTICIPANT, self._school.tenant, f"l{self._school.class_number}.{TEACHER}"
        )

    def _room(self, number: int) -> str:
        local = f"l{self._school.class_number}.{number}"
        return encode(Kind.BREAKOUT, self._school.tenant, local)

    def _do(self, running: System, mutation: str, **more: object) -> None:
        """Raises ClickException where it is not done."""
        own = running.settings
        issuer = DemoIssuer(running.home, own.token_issuer, own.token_audience)
        bearer = Bearers(issuer).of(self._school.tenant, TEACHER, Role.TEACHER)
        said = {**self.variables, "key": f"to all {next(self._keys)}", **more}
        answer: dict[str, Any] = httpx.post(
            f"{running.at.gateway}/graphql",
            json={"query": mutation, "variables": said},
            headers={"authorization": bearer},
            timeout=WAITS_S,
            trust_env=False,
        ).json()
        if "errors" in answer or "code" in answer["data"]["done"]:
            raise click.ClickException(f"The teacher's deed was refused: {answer}")


def to_all_of(name: str, school: School, events: int) -> ToAll:
    """By its name among TO_ALL."""
    return ClassToAll(school, events) if name == CLASS else StatusToAll()


CLASS, STATUS = TO_ALL = ("class", "status")
