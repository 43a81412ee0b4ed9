"""What a source tells of its present state, for those who begin before they follow its feed.

`GET /snapshot` answers a Summary; `GET /snapshot?kind=course&after=&limit=1000` an array of Events
in order, each with its stream's version as it is now (0: never changed). The next page begins
`after` the last one's stream; one that is shorter than `limit` is the last.
"""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """The first word of a stream."""

    PERSON = "person"
    COURSE = "course"
    ENROLMENT = "enrolment"
    CONTENT = "content"
    ATTEMPTS = "attempts"
    COMPLETIONS = "completions"
    CLASS = "class"
    ROOM = "room"


class Summary(msgspec.Struct, frozen=True):
    """Streams there are, by kind; `positions` are the feed's, by partition.

    A page read after this says all that the feed said up to those positions, or newer.
    """

    streams: dict[Kind, int]
    positions: list[int]
