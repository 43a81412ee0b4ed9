"""What a run of `bench.learners` found, and how it is judged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bench.learners_plan import Found, Opened
from bench.memory import Memory

Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """So many learners, who each act every `pace_s` on average for so many seconds.

    Sockets are opened at `per_s`; `heroes` are events that all are told, by the class or the
    platform as `to_all` says. `hands` of what they do is a hand, raised or lowered.
    """

    learners: int
    pace_s: float
    seconds: float
    heroes: int
    per_s: float
    to_all: str
    hands: float

    def told(self, least_s: float) -> int:
        """How many of the heroes there is time for, with so much between two."""
        return min(self.heroes, max(1, int(self.seconds / least_s)))


@dataclass(frozen=True, slots=True)
class Hero:
    """An event that all are told: when it was committed, and how many heard it in which ms."""

    committed_ms: int
    heard: Counts

    @property
    def learners(self) -> int:
        return sum(self.heard.values())

    def waits(self) -> Counter[int]:
        """How many heard it so many milliseconds behind its commit, 0 if before it was known."""
        waits = Counter[int]()
        for at_ms, many in self.heard.items():
            waits[max(0, at_ms - self.committed_ms)] += many
        return waits

    def spread(self) -> Counter[int]:
        """The same, behind the first who heard it."""
        first = min(self.heard, default=0)
        return Counter({at - first: many for at, many in self.heard.items()})


@dataclass(frozen=True, slots=True)
class Judged:
    """`lost` was acknowledged and is not kept, or is kept and was not told.

    `doubled` is kept and was never asked for; `unheard` are learners whom a `Hero` did not reach.
    """

    lost: int
    doubled: int
    repeated: int
    skipped: int
    unheard: int


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of CPU by part, in so many seconds."""

    seconds: float
    cpu_s: Mapping[str, float]

    def cores(self, part: str) -> float:
        return self.cpu_s[part] / self.seconds


@dataclass(frozen=True, slots=True)
class Run:
    """`known_s` until the services knew the school.

    Memory is that of each process of the gateway, before and after the sockets were opened.
    """

    asked: Asked
    known_s: float
    opened: Sequence[Opened]
    found: Sequence[Found]
    heroes: Sequence[Hero]
    judged: Judged
    memory: Sequence[tuple[Memory, Memory]]
    opening: Spent
    idle: Spent
    acting: Spent

    @property
    def took(self) -> list[float]:
        """Seconds of each whole interaction."""
        return [seconds for one in self.found for seconds in one.took]

    @property
    def answered(self) -> list[float]:
        return [seconds for one in self.found for seconds in one.answered]

    @property
    def hands(self) -> list[float]:
        return [seconds for one in self.found for seconds in one.hands]

    @property
    def learners(self) -> int:
        """Who have a socket, and heard both how they and how all stand."""
        return sum(one.learners for one in self.opened)

    @property
    def tries(self) -> Counter[str]:
        """To open a socket, that failed."""
        return added([one.tries for one in self.opened])

    @property
    def again(self) -> Counter[str]:
        return added([one.again for one in self.found])

    @property
    def refused(self) -> Counter[str]:
        return added([one.refused for one in self.found])

    @property
    def closed(self) -> Counter[str]:
        return added([one.closed for one in self.found])


def judge(found: Sequence[Found], kept: Counts, heroes: Sequence[Hero], learners: int) -> Judged:
    """`kept` is what the service has of each one; so many `learners` were to hear heroes."""
    lost = doubled = 0
    for one in found:
        unanswered = set(one.unanswered)
        for user in {*one.done, *one.known, *unanswered}:
            done, has = one.done.get(user, 0), kept.get(user, 0)
            lost += max(0, done - has) + max(0, has - one.known.get(user, 0))
            doubled += max(0, has - done - (user in unanswered))
    return Judged(
        lost,
        doubled,
        sum(one.repeated for one in found),
        sum(one.skipped for one in found),
        sum(learners - hero.learners for hero in heroes),
    )


def added(counts: Sequence[Mapping[str, int]]) -> Counter[str]:
    return sum((Counter(one) for one in counts), Counter())


def percentile(counts: Counts, percent: float) -> int:
    """Of what was counted, by its value; 0 of nothing."""
    values = sorted(counts)
    wanted = sum(counts.values()) * percent / 100
    reached = accumulate(counts[value] for value in values)
    return next((at for at, many in zip(values, reached, strict=True) if many >= wanted), 0)
