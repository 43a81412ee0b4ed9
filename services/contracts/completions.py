"""The streams that tell what a learner completed in a course: one on either side."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.contracts.assessment import Source
from services.contracts.freshness import Seen
from services.contracts.ids import CourseId, LearnerId, decode

SOURCES = {Source.LEGACY: "legacy", Source.SERVICE: "progress"}
"""Under which name each side tells its events."""


@dataclass(frozen=True, slots=True)
class Way:
    """A learner's way through a course; ids are local ones."""

    tenant: str
    course: int | str
    user: int | str

    @classmethod
    def of(cls, course: CourseId, learner: LearnerId) -> "Way":
        named = decode(course)
        return cls(named.tenant, named.local, decode(learner).local)

    @property
    def stream(self) -> str:
        """Its name within either source."""
        return f"completions/{self.tenant}/{self.course}/{self.user}"

    def at(self, source: Source) -> str:
        return f"{SOURCES[source]}:{self.stream}"

    @property
    def streams(self) -> list[str]:
        return [self.at(source) for source in SOURCES]

    @property
    def shown(self) -> str:
        """Stands among streams for how many lessons somebody was shown as completed.

        No event says that, and no completion is taken back: so it only grows, as a version does.
        """
        return f"shown:{self.stream}"

    def of_seen(self, seen: Seen) -> dict[str, int]:
        """What somebody has seen of this way."""
        own = (*self.streams, self.shown)
        return {stream: seen[stream] for stream in own if stream in seen}

    def missed(self, known: Seen, seen: Seen) -> bool:
        """Whether either side has told somebody who has `seen` this much more than is `known`."""
        return any(seen.get(stream, 0) > known.get(stream, 0) for stream in self.streams)


def streams_of(ways: Iterable[Way]) -> list[str]:
    return [stream for way in ways for stream in way.streams]


def told_by_sides(seen: Seen) -> dict[str, int]:
    """What of it either side has told, and so may have to be waited for."""
    sources = set(SOURCES.values())
    return {
        stream: version for stream, version in seen.items() if stream.partition(":")[0] in sources
    }
