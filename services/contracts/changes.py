"""The change log: which things that others may keep have changed, in one Redis stream.

Each entry has tags in one field. Whoever keeps answers drops those that it made of what a tag
names; EVERYTHING says that something may have changed which no entry tells.
"""

from collections.abc import Mapping, Sequence

import msgspec

STREAM = "banyan:changes"
MOST_ENTRIES = 100_000
"""About so many are kept: whoever has read less far has missed some."""
FIELD = b"tags"
"""The one of an entry: a list, in msgpack."""
EVERYTHING = "*"


class BadEntry(ValueError):
    """An entry is not what a service says."""


def course_tag(tenant: str, course: int | str) -> str:
    """Its title, code, outline, lessons and assessments; ids here and below are local ones."""
    return f"course:{tenant}:{course}"


def classes_tag(tenant: str, course: int | str) -> str:
    """A course's live classes, as scheduled."""
    return f"classes:{tenant}:{course}"


def enrolments_tag(tenant: str, user: int | str) -> str:
    """Which courses somebody takes or teaches; courses' own words have their course_tag."""
    return f"enrolments:{tenant}:{user}"


def person_tag(tenant: str, user: int | str) -> str:
    return f"person:{tenant}:{user}"


def written(tags: Sequence[str]) -> bytes:
    """The value of an entry's FIELD: a tenant's name may have any letters in it."""
    return msgspec.msgpack.encode(list(tags))


def tags_of(fields: Mapping[bytes, bytes]) -> list[str]:
    """Raises BadEntry."""
    try:
        return msgspec.msgpack.decode(fields[FIELD], type=list[str])
    except (KeyError, msgspec.MsgspecError) as wrong:
        raise BadEntry(f"An entry of {STREAM} is not readable.") from wrong
