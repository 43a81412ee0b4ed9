"""The words of xAPI 1.0.3, as far as we speak it: who did what, and with which result."""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

VERSION = "1.0.3"
VERBS = {
    "initialized": "http://adlnet.gov/expapi/verbs/initialized",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "scored": "http://adlnet.gov/expapi/verbs/scored",
    "voided": "http://adlnet.gov/expapi/verbs/voided",
}
TYPES = {
    "assessments": "http://adlnet.gov/expapi/activities/assessment",
    "lessons": "http://adlnet.gov/expapi/activities/lesson",
    "courses": "http://adlnet.gov/expapi/activities/course",
}


class Account(msgspec.Struct, frozen=True):
    homePage: str  # noqa: N815 -- xAPI's own name
    name: str


class Actor(msgspec.Struct, frozen=True, tag_field="objectType", tag="Agent"):
    """A pseudonym: who that is, the platform alone knows."""

    account: Account


class Verb(msgspec.Struct, frozen=True):
    id: str
    display: dict[str, str]


class Definition(msgspec.Struct, frozen=True):
    type: str


class Activity(msgspec.Struct, frozen=True, tag_field="objectType", tag="Activity"):
    id: str
    definition: Definition


class Reference(msgspec.Struct, frozen=True, tag_field="objectType", tag="StatementRef"):
    id: UUID


Object: TypeAlias = Activity | Reference


class Score(msgspec.Struct, frozen=True, omit_defaults=True):
    raw: float
    min: float
    max: float
    scaled: float | None = None


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    score: Score | None = None
    completion: bool | None = None


class Context(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """`registration` is the attempt."""

    registration: UUID | None = None
    context_activities: dict[str, list[Activity]] | None = None


class Statement(msgspec.Struct, frozen=True, omit_defaults=True):
    """One that is sent again has the same id, and says the same."""

    id: UUID
    actor: Actor
    verb: Verb
    object: Object
    result: Result | None = None
    context: Context | None = None
    timestamp: datetime | None = None


def verb(name: str) -> Verb:
    return Verb(VERBS[name], {"en": name})
