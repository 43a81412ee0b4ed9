"""Sends a text in one place of the contract: a variable, a literal, or inside an id or cursor."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import httpx
from graphql import get_named_type
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from schema.contract import core_schema
from services.contracts.ids import Kind
from services.contracts.paging import cursor_of
from tests.learner import token
from tests.security.campus import LEARNER, TEACHER, Campus
from tests.security.exam import learner
from tests.security.texts import Path, literal
from tests.stack import Stack

TEXT = '"TEXT"'
OF_COURSE = 'course(id: "COURSE") {{ {} }}'
OF_EXAM = 'assessment(id: "EXAM") {{ {} }}'
NOON = '"2026-02-01T12:00:00Z"'
QUERIES: dict[Path, str] = {
    ("Assessment", "attempts", "after"): OF_EXAM.format(
        f"attempts(after: {TEXT}) {{ totalCount }}"
    ),
    ("Assessment", "submissions", "after"): OF_EXAM.format(
        f"submissions(after: {TEXT}) {{ totalCount }}"
    ),
    ("Course", "assessments", "after"): OF_COURSE.format(
        f"assessments(after: {TEXT}) {{ totalCount }}"
    ),
    ("Course", "roster", "after"): OF_COURSE.format(f"roster(after: {TEXT}) {{ totalCount }}"),
    ("Course", "liveClasses", "from"): OF_COURSE.format(f"liveClasses(from: {TEXT}) {{ id }}"),
    ("Course", "liveClasses", "to"): OF_COURSE.format(f"liveClasses(to: {TEXT}) {{ id }}"),
    ("Viewer", "courses", "after"): f"viewer {{ courses(after: {TEXT}) {{ totalCount }} }}",
    ("Viewer", "agenda", "from"): f"viewer {{ agenda(from: {TEXT}, to: {NOON}) {{ id }} }}",
    ("Viewer", "agenda", "to"): f"viewer {{ agenda(from: {NOON}, to: {TEXT}) {{ id }} }}",
    ("Query", "nodes", "ids"): f"nodes(ids: [{TEXT}]) {{ id }}",
    **{
        ("Query", root, "id"): f"{root}(id: {TEXT}) {{ id }}"
        for root in ("node", "course", "assessment", "attempt", "liveClass")
    },
}
SUBSCRIPTIONS: dict[Path, str] = {
    ("Subscription", "progressUpdated", "courseId"): (
        f"progressUpdated(courseId: {TEXT}) {{ completed }}"
    ),
    ("Subscription", "progressUpdated", "after"): (
        f'progressUpdated(courseId: "COURSE", after: {TEXT}) {{ completed }}'
    ),
    ("Subscription", "attemptUpdated", "attemptId"): f"attemptUpdated(attemptId: {TEXT}) {{ id }}",
    ("Subscription", "attemptUpdated", "after"): (
        f'attemptUpdated(attemptId: "OPEN", after: {TEXT}) {{ id }}'
    ),
}
SUBSCRIPTIONS |= {
    ("Subscription", name, argument): f"{name}({given}) {{ __typename }}"
    for name in ("classroom", "signals")
    for argument, given in {
        "classId": f"classId: {TEXT}",
        "after": f'classId: "CLASS", after: {TEXT}',
    }.items()
}
ANSWER = {"itemId": "q4", "sequence": 0, "response": {"text": "TEXT"}}
ACTION = {"attemptId": "OPEN", "reason": "a fire", "key": "KEY"}
CLASS_ACTION = {"classId": "CLASS", "key": "KEY"}
INPUTS: dict[str, dict[str, Any]] = {
    "startAttempt": {"assessmentId": "EXAM", "key": "KEY"},
    "saveAnswers": {"attemptId": "OPEN", "answers": [ANSWER], "key": "KEY"},
    "submitAttempt": {"attemptId": "OPEN", "answers": [ANSWER], "key": "KEY"},
    "grantTime": {
        "assessmentId": "EXAM",
        "learnerIds": ["ANNA"],
        "extra": "PT1M",
        "reason": "a fire",
        "key": "KEY",
    },
    **{f"{deed}Attempt": ACTION for deed in ("pause", "resume", "void", "reopen")},
    "gradeItem": {"attemptId": "DONE", "itemId": "q6", "points": 1, "note": "fair", "key": "KEY"},
    "regrade": {
        "assessmentId": "EXAM",
        "itemId": "q4",
        "correct": {"text": "TEXT"},
        "reason": "a misprint",
        "key": "KEY",
    },
    "setAssessmentRules": {"assessmentId": "EXAM", "atEnd": "SUBMIT", "key": "KEY"},
    "renameCourse": {"courseId": "COURSE", "title": "A course", "key": "KEY"},
    "completeLesson": {"lessonId": "LESSON", "key": "KEY"},
}
CLASS_ACTIONS = {
    *("leaveLiveClass", "startLiveClass", "endLiveClass"),
    *("raiseHand", "lowerHand", "closeBreakouts"),
}
IN_CLASS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(CLASS_ACTIONS, CLASS_ACTION),
    "joinLiveClass": {"classId": "CLASS", "region": "eu-west", "key": "KEY"},
    "openBreakouts": {"classId": "CLASS", "count": 1, "minutes": 5, "key": "KEY"},
    "moveToBreakout": {"classId": "CLASS", "participantId": "PARTICIPANT", "key": "KEY"},
    "sendSignal": {
        "classId": "CLASS",
        "to": "PARTICIPANT",
        "kind": "CANDIDATE",
        "payload": "TEXT",
        "key": "KEY",
    },
    "reportQuality": {
        "classId": "CLASS",
        "rttMs": 1,
        "lossPercent": 0,
        "jitterMs": 1,
        "relayed": False,
        "region": "eu-west",
    },
}
INPUTS |= IN_CLASS
LEARNERS_DO = {"startAttempt", "saveAnswers", "submitAttempt", "completeLesson"}
OUTCOME = """{ __typename ... on Error { code }
  ... on AttemptAccepted { attempt { answers { itemId text } } } }"""
PLAIN = "{ __typename ... on Error { code } }"
OUTCOMES = {
    **dict.fromkeys(
        ("completeLesson", "renameCourse", "grantTime", "regrade", "setAssessmentRules", *IN_CLASS),
        PLAIN,
    ),
    "reportQuality": "{ __typename }",
}
WRAPPED = {
    *("after", "id", "ids", "courseId", "assessmentId", "attemptId", "lessonId", "learnerIds"),
    *("classId", "participantId", "breakoutId", "to"),
}
WAYS = ("variable", "literal", "wrapped")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: str
    said: Any

    @property
    def codes(self) -> set[str]:
        return set(_said_as("code", self.said))

    @property
    def texts(self) -> set[str]:
        """Of answers, as they were kept."""
        return set(_said_as("text", self.said))


@dataclass(slots=True)
class Injector:
    stack: Stack
    http: httpx.AsyncClient
    campus: Campus
    sent: int = 0
    echoed: set[str] = field(default_factory=set)
    """Texts of ours that came back."""

    async def send(self, place: Path, text: str, way: str) -> Reply:
        self.sent += 1
        given = self._wrapped(place, text) if way == "wrapped" else text
        if place in SUBSCRIPTIONS:
            return await self._subscribe(place, given, way)
        body = self._query(place, given, way) if place in QUERIES else self._do(place, given, way)
        learns = place[0] == "Viewer" or place[1] in LEARNERS_DO
        headers = {"authorization": f"Bearer {self._token(learns)}"}
        answer = await self.http.post(f"{self.stack.gateway}/graphql", json=body, headers=headers)
        return Reply(answer.status_code, str(answer.headers), answer.json())

    def _token(self, learns: bool) -> str:
        user, role = (LEARNER, "LEARNER") if learns else (TEACHER, "TEACHER")
        return token(self.stack.home, self.campus.tenant, user, role)

    def _wrapped(self, place: Path, text: str) -> str:
        if place[-1] == "after":
            return cursor_of((text, text))
        plain = f"1c-{self.campus.tenant}/{text}".encode()
        return urlsafe_b64encode(plain).rstrip(b"=").decode()

    def _query(self, place: Path, text: str, way: str) -> dict[str, Any]:
        return self._asked("query", QUERIES[place], place, text, way)

    def _asked(self, kind: str, asked: str, place: Path, text: str, way: str) -> dict[str, Any]:
        asked = self._own(asked)
        if way == "literal":
            return {"query": f"{kind} {{ {asked.replace(TEXT, json.dumps(text))} }}"}
        said = f"{kind} ($t: {_type(place)}!) {{ {asked.replace(TEXT, '$t')} }}"
        return {"query": said, "variables": {"t": text}}

    def _do(self, place: Path, text: str, way: str) -> dict[str, Any]:
        _, name, _, *path = place
        said = json.dumps(INPUTS[name]).replace('"KEY"', f'"key {self.sent}"')
        given = json.loads(self._own(said.replace('"sequence": 0', f'"sequence": {self.sent}')))
        given = put(given, path, text)
        outcome = OUTCOMES.get(name, OUTCOME)
        if way == "literal":
            return {"query": f"mutation {{ done: {name}(input: {literal(given)}) {outcome} }}"}
        type_ = TYPES.get(name, f"{name[0].upper()}{name[1:]}Input")
        said = f"mutation ($i: {type_}!) {{ done: {name}(input: $i) {outcome} }}"
        return {"query": said, "variables": {"i": given}}

    def _own(self, text: str) -> str:
        campus, ids = self.campus, self.campus.ids()
        names = {"COURSE": ids[Kind.COURSE], "LESSON": ids[Kind.LESSON], "EXAM": campus.exam}
        attempts = campus.every(Kind.ATTEMPT)
        names |= {"CLASS": campus.every(Kind.LIVE_CLASS)[-1]}
        names |= {"PARTICIPANT": campus.every(Kind.PARTICIPANT)[-1]}
        names |= {"DONE": attempts[-2], "OPEN": attempts[-1], "ANNA": learner(campus)}
        for name, id_ in names.items():
            text = text.replace(f'"{name}"', f'"{id_}"')
        return text

    async def _subscribe(self, place: Path, text: str, way: str) -> Reply:
        asked = self._asked("subscription", SUBSCRIPTIONS[place], place, text, way)
        url = self.stack.gateway.replace("http", "ws", 1) + "/graphql"
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
            who = {"authorization": f"Bearer {self._token(learns=True)}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": who}))
            await socket.recv()
            await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": asked}))
            said = json.loads(await socket.recv())
        errors = said["payload"] if said["type"] == "error" else []
        return Reply(200, "", {"errors": errors} if errors else said["payload"])


TYPES = {
    **{f"{deed}Attempt": "AttemptActionInput" for deed in ("pause", "resume", "void", "reopen")},
    **dict.fromkeys(CLASS_ACTIONS, "ClassActionInput"),
}


def ways(place: Path) -> Iterator[str]:
    return (way for way in WAYS if way != "wrapped" or place[-1] in WRAPPED)


def put(given: dict[str, Any], path: list[str], text: str) -> dict[str, Any]:
    """The input with the text at the path; lists have one member."""
    made, head, rest = deepcopy(given), path[0], path[1:]
    if head in {"choices", "text"}:
        return {head: [text] if head == "choices" else text}
    old = made.get(head)
    if isinstance(old, list) and rest:
        made[head] = [put(old[0], rest, text)]
    elif isinstance(old, list):
        made[head] = [text]
    else:
        made[head] = put(old, rest, text) if rest and isinstance(old, dict) else text
    return made


def _type(place: Path) -> str:
    kind, field, argument = place
    return str(get_named_type(core_schema().type_map[kind].fields[field].args[argument].type))  # type: ignore[attr-defined]


def _said_as(key: str, said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        for name, value in said.items():
            if name == key:
                yield str(value)
            yield from _said_as(key, value)
    elif isinstance(said, list):
        for one in said:
            yield from _said_as(key, one)
